package dev.stockpot.merge.hub;

import dev.stockpot.merge.hub.Wire.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * Says in words why a hub gives something not.
 *
 * @param id of the repository
 * @param what was asked for, as a user names it
 * @param endpoint of the hub
 * @param hasToken whether it was told who asks
 */
record Refusal(String id, String what, URI endpoint, boolean hasToken) {
  private static final int UNAUTHORISED = 401;
  private static final int FORBIDDEN = 403;
  private static final int ABSENT = 404;
  private static final int GONE = 410;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERRORS = 500;

  private static final String BAD_TOKEN = "Invalid credentials in Authorization header";
  private static final String DISABLED = "Access to this resource is disabled.";
  private static final String LOG_IN = "hf auth login, or HF_TOKEN";

  /** What an answer that is none says. */
  HubException of(Answer answer) {
    return new HubException(what + ": " + reason(answer));
  }

  /** What it means that there was no answer at all. */
  HubException of(IOException failure) {
    return new HubException(
        "%s: %s does not answer (%s). Check the network and HF_ENDPOINT; --set hub=cache takes what was downloaded before, and asks nobody"
            .formatted(what, endpoint, cause(failure)),
        failure);
  }

  /** What was answered is nothing that a hub answers. */
  HubException noHub(String why) {
    return new HubException(
        "%s: what %s answers is no hub's answer, %s. A proxy may stand between, or HF_ENDPOINT lead elsewhere"
            .formatted(what, endpoint, why));
  }

  private static String cause(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return Optional.ofNullable(last.getMessage())
        .map(text -> text.lines().findFirst().orElse(""))
        .filter(text -> !text.isEmpty())
        .orElse(last.getClass().getSimpleName());
  }

  private String reason(Answer answer) {
    String code = answer.header("X-Error-Code").orElse("");
    String message = answer.header("X-Error-Message").orElse("");
    int status = answer.status();
    if (message.equals(DISABLED)) {
      return "%s has closed %s to everybody. Take another model".formatted(endpoint, id);
    }
    if (message.equals(BAD_TOKEN)) {
      return "%s does not know the token: it is mistyped, expired or revoked. Log in again: %s"
          .formatted(endpoint, LOG_IN);
    }
    return switch (code) {
      case "GatedRepo" -> gated();
      case "RepoNotFound" -> absent();
      case "RevisionNotFound" -> "%s has no such revision".formatted(id);
      case "EntryNotFound" -> "%s has no such file".formatted(id);
      default -> byStatus(status);
    };
  }

  private String byStatus(int status) {
    if (status == UNAUTHORISED) {
      return absent();
    }
    if (status == FORBIDDEN) {
      return "%s refuses it to %s. A fine-grained token needs the right to read this repository, and gated ones"
          .formatted(
              endpoint, hasToken ? "the owner of the token" : "everybody who sends no token");
    }
    if (status == ABSENT || status == GONE) {
      return "%s does not know it (status %s). Check the name and HF_ENDPOINT"
          .formatted(endpoint, status);
    }
    if (status == TOO_MANY) {
      return "%s was asked too often from here. Wait some minutes%s"
          .formatted(endpoint, hasToken ? "" : "; with a token it allows more: " + LOG_IN);
    }
    if (status >= SERVER_ERRORS) {
      return "%s is in trouble (status %s, also when asked again). Try later"
          .formatted(endpoint, status);
    }
    return "%s answered with status %s, as no hub does. A proxy may stand between: check HF_ENDPOINT and the network"
        .formatted(endpoint, status);
  }

  private String gated() {
    return "it is gated. Accept its terms at %s/%s, %s"
        .formatted(
            endpoint,
            id,
            hasToken
                ? "with the account of the token that was sent"
                : "and say who you are: " + LOG_IN);
  }

  private String absent() {
    return "%s has no model %s, or a private one, which %s. Check the spelling%s"
        .formatted(
            endpoint,
            id,
            hasToken ? "the owner of the token may not see" : "nobody sees without a token",
            hasToken ? "" : "; where it is private, log in: " + LOG_IN);
  }
}
