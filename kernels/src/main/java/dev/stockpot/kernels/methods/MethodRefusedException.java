package dev.stockpot.kernels.methods;

/** A jar brings a merge method that cannot be used. The message is for who put it there. */
public final class MethodRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MethodRefusedException(String message) {
    super(message);
  }

  MethodRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
