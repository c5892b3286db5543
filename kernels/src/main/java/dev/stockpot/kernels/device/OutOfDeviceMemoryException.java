package dev.stockpot.kernels.device;

/**
 * A block did not fit a device's memory. What it was to store or to count is in no particular
 * state; after its kernels are closed, it can be given again to others, in smaller blocks or on the
 * CPU.
 */
public final class OutOfDeviceMemoryException extends DeviceException {
  private static final long serialVersionUID = 1;

  private final boolean mayFitLater;

  /**
   * @param mayFitLater whether others use the memory too, so that waiting can help
   */
  public OutOfDeviceMemoryException(String message, boolean mayFitLater, Throwable cause) {
    super(message, cause);
    this.mayFitLater = mayFitLater;
  }

  public boolean mayFitLater() {
    return mayFitLater;
  }
}
