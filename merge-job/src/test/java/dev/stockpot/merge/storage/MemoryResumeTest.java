package dev.stockpot.merge.storage;

class MemoryResumeTest extends ResumeContract {
  private final MemoryStore store = new MemoryStore();

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected Location root() {
    return new Location("memory");
  }
}
