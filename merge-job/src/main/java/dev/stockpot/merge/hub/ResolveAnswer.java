package dev.stockpot.merge.hub;

import dev.stockpot.merge.hub.Wire.Answer;
import java.net.URI;
import java.util.Optional;

/**
 * What a hub says of a file: where its bytes are.
 *
 * @param refusal for what makes no sense
 */
record ResolveAnswer(Answer answer, Refusal refusal) {
  private static final int REDIRECTS = 300;
  private static final int CLIENT_ERRORS = 400;

  /** The hub gives larger files to those alone who know its chunks. */
  private static final long MOST_PLAIN_BYTES = 50_000_000_000L;

  /**
   * Checks that an answer is of the file that was asked for.
   *
   * @param known what the hub's list says of it
   */
  static ResolveAnswer of(Answer answer, HubPlace file, HubFile known, Refusal refusal)
      throws HubException {
    if (answer.status() >= CLIENT_ERRORS) {
      throw refusal.of(answer);
    }
    String commit = answer.header("X-Repo-Commit").orElse("");
    if (!commit.equals(file.commit())) {
      throw refusal.noHub(
          commit.isEmpty() ? "it tells no commit" : "it gives commit %s".formatted(commit));
    }
    requireSame(answer, known, refusal);
    if (known.size() > MOST_PLAIN_BYTES && answer.header("X-Xet-Hash").isPresent()) {
      throw new HubException(
          "%s has %s bytes; of files above 50 GB the hub gives no ranges. Download the model: hf download %s, and merge again"
              .formatted(file, known.size(), file.id()));
    }
    return new ResolveAnswer(answer, refusal);
  }

  private static void requireSame(Answer answer, HubFile known, Refusal refusal)
      throws HubException {
    String digest =
        answer
            .header("X-Linked-Etag")
            .or(() -> answer.header("ETag"))
            .map(tag -> tag.replaceFirst("^W/", "").replace("\"", ""))
            .orElse("");
    boolean isKnown = !known.digest().isEmpty() && digest.length() == known.digest().length();
    Optional<String> size = answer.header("X-Linked-Size");
    if ((isKnown && !digest.equals(known.digest()))
        || size.filter(bytes -> !bytes.equals(String.valueOf(known.size()))).isPresent()) {
      throw refusal.noHub("its list of files says otherwise than the file");
    }
  }

  /**
   * Where the bytes are: an address that was signed, or the hub's own.
   *
   * @param endpoint of the hub; one that is encrypted sends nobody to one that is not
   */
  SignedLocation address(URI endpoint) throws HubException {
    if (answer.status() < REDIRECTS) {
      return new SignedLocation(answer.uri());
    }
    URI target =
        answer
            .header("Location")
            .map(location -> answer.uri().resolve(location))
            .orElseThrow(() -> refusal.noHub("it redirects to nowhere"));
    boolean isOpen = "http".equalsIgnoreCase(target.getScheme());
    boolean isClosed = "https".equalsIgnoreCase(target.getScheme());
    if (target.getHost() == null
        || !(isClosed || (isOpen && "http".equalsIgnoreCase(endpoint.getScheme())))) {
      throw refusal.noHub("it redirects to an address that is not encrypted");
    }
    return new SignedLocation(target);
  }
}
