package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;

/** A shard, or the index of the shards, breaks a rule of its format. */
final class CorruptShardException extends UserException {
  private static final long serialVersionUID = 1;

  /**
   * A fault in some bytes of a file.
   *
   * @param what is wrong with them
   * @param remedy what a user can do about it
   */
  CorruptShardException(Location file, ByteRange bytes, String what, String remedy) {
    super("%s, bytes %s: %s. %s".formatted(file, bytes, what, remedy));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }
}
