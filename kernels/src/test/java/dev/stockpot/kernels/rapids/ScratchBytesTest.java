package dev.stockpot.kernels.rapids;

/** On the model of a device. */
class ScratchBytesTest extends ScratchBytesContract {
  @Override
  protected int count() {
    return 1 << 18;
  }

  @Override
  protected Opened open() {
    ModelMemory memory = new ModelMemory();
    return new Opened(
        new RapidsKernels(new JavaDevice(memory), 0, 0, 0, () -> {}),
        new Memory() {
          @Override
          public long inUse() {
            return memory.bytes();
          }

          @Override
          public long peak() {
            return memory.peak();
          }
        });
  }
}
