package dev.stockpot.merge.hub;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Says to a hub who asks. It cannot be sent anywhere but to the hub, and does not print itself. */
public final class HubToken {
  private final String secret;

  private HubToken(String secret) {
    this.secret = secret;
  }

  /**
   * A token.
   *
   * @param from where it is from, for messages
   * @return nothing if the text is blank
   * @throws UserException if it cannot be one
   */
  static Optional<HubToken> of(String from, String text) {
    String secret = text.replace("\r", "").replace("\n", "").strip();
    if (!secret.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new UserException(
          "%s holds something that is no token: it has blanks, or letters that tokens have not. Copy it again from the hub's page of access tokens"
              .formatted(from));
    }
    return secret.isEmpty() ? Optional.empty() : Optional.of(new HubToken(secret));
  }

  /** The one in a file, if there is such a file. */
  static Optional<HubToken> in(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return of(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UserException(
          "The token in %s cannot be read. Set HF_TOKEN, or HF_HUB_DISABLE_IMPLICIT_TOKEN=1 to do without"
              .formatted(file),
          e);
    }
  }

  /** What is sent to the hub. */
  String authorization() {
    return "Bearer " + secret;
  }

  @Override
  public String toString() {
    return "a token";
  }
}
