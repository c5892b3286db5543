package dev.stockpot.kernels.device;

/** A device failed in the middle of a block, which can be given again to the CPU. */
public class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
