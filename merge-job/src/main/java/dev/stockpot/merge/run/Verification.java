package dev.stockpot.merge.run;

import static java.util.Collections.unmodifiableMap;

import dev.stockpot.merge.commit.ManifestVerifier;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a merged checkpoint since it was made.
 *
 * @param tensors in it
 * @param bytes of these
 * @param problems everything that differs from its manifest, a line each
 * @param sha256 of each file by its name, where that was asked for; else none
 */
public record Verification(
    int tensors, long bytes, List<String> problems, Map<String, String> sha256) {
  public Verification {
    problems = List.copyOf(problems);
    sha256 = unmodifiableMap(new TreeMap<>(sha256)); // one order: they are listed
  }

  /**
   * Reads a checkpoint.
   *
   * @param digests whether SHA-256 of its files is wanted
   * @param listener hears how much is read
   */
  static Verification of(Places places, String checkpoint, boolean digests, MergeListener listener)
      throws IOException {
    return by(
        ManifestVerifier.open(places.store(), places.required(checkpoint)), digests, listener);
  }

  static Verification by(ManifestVerifier verifier, boolean digests, MergeListener listener)
      throws IOException {
    long of = verifier.bytes();
    long[] read = {0};
    verifier.tellingOf(
        more -> {
          read[0] += more;
          listener.progressed(Math.min(read[0], of), of);
        });
    List<String> problems = digests ? verifier.verifyAndDigest() : verifier.verify();
    return new Verification(verifier.tensors(), verifier.bytes(), problems, verifier.digests());
  }

  /** Whether it is as it was made. */
  public boolean isIntact() {
    return problems.isEmpty();
  }
}
