package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.ManifestVerifier;
import java.io.IOException;
import java.util.List;

/**
 * What became of a merged checkpoint since it was made.
 *
 * @param tensors in it
 * @param bytes of these
 * @param problems everything that differs from its manifest, a line each
 */
public record Verification(int tensors, long bytes, List<String> problems) {
  public Verification {
    problems = List.copyOf(problems);
  }

  static Verification by(ManifestVerifier verifier) throws IOException {
    List<String> problems = verifier.verify();
    return new Verification(verifier.tensors(), verifier.bytes(), problems);
  }

  /** Whether it is as it was made. */
  public boolean isIntact() {
    return problems.isEmpty();
  }
}
