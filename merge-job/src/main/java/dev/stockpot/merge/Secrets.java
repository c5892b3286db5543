package dev.stockpot.merge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes keys, tokens and passwords out of texts that others will read: messages, manifests, cards,
 * reports, journals, names of jobs. What it does not know the looks of it cannot find: nothing
 * secret belongs into recipes and locations, and where it is seen in one, that is refused.
 */
public final class Secrets {
  /** What stands where one was. */
  public static final String HIDDEN = "***";

  /** Shorter ones are words that happen to be a value. */
  private static final int LEAST_VALUE = 12;

  private static final Pattern USER =
      Pattern.compile("\\b([A-Za-z][A-Za-z0-9+.-]{1,20})://([^/\\s@\"'<>]{1,512})@");

  /** Of these, what stands in front of an {@code @} is a container, or the name of a model. */
  private static final Set<String> NO_USERS =
      Set.of("abfs", "abfss", "wasb", "wasbs", "hf", "ABFS", "ABFSS", "WASB", "WASBS", "HF");

  /** Of each, the first group stays. Bounds keep the time linear. */
  private static final List<Pattern> LOOKS =
      List.of(
          // parameters of signed addresses, and of those that carry a token
          Pattern.compile(
              "(?i)([?&;](?:amp;)?(?:x-(?:amz|goog)-(?:signature|credential|security-token)"
                  + "|awsaccesskeyid|signature|sig|policy|key-pair-id|access_?token|token|auth"
                  + "|api_?key|key|secret|password|passwd)=)[^&\\s\"'<>;]{1,4096}"),
          Pattern.compile("(?i)(\\b(?:bearer|basic)[ \\t]+)[A-Za-z0-9._~+/=-]{8,4096}"),
          Pattern.compile(
              "(?i)(\\b(?:aws_?|fs\\.s3a\\.)?(?:secret[._-]?(?:access[._-]?)?key|session[._-]?token"
                  + "|api[._-]?key|access[._-]?token|auth[._-]?token|password|passwd|private[._-]?key|account[._-]?key)[\"']?["
                  + " \\t]{0,9}[=:][ \\t]{0,9}[\"']?)[^\\s\"',;&<>}\\]]{6,4096}"),
          Pattern.compile("(?i)(\\btoken=)[A-Za-z0-9._~+/-]{12,4096}"),
          Pattern.compile("\\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,32}\\b"),
          Pattern.compile("\\b(hf_)[A-Za-z0-9]{30,64}\\b"),
          Pattern.compile("\\b(api_org_)[A-Za-z0-9]{30,64}\\b"),
          Pattern.compile("\\b(gh[pousr]_|github_pat_|glpat-|xox[abprs]-)[A-Za-z0-9_-]{16,255}"),
          Pattern.compile("\\b(sk-|AIza|ya29\\.)[A-Za-z0-9_-]{30,255}"),
          Pattern.compile("\\b(eyJ)[\\w-]{8,512}+\\.[\\w-]{8,4096}+\\.[\\w-]{8,4096}+"),
          Pattern.compile(
              "(-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)[A-Za-z0-9+/=\\s\\\\]{1,20000}+"));

  private static final Pattern SECRET_NAMES =
      Pattern.compile(
          "(?i).*(SECRET|TOKEN|PASSWORD|PASSWD|SECRET_KEY|ACCESS_KEY|ACCESS_KEY_ID|API_KEY"
              + "|PRIVATE_KEY|ACCOUNT_KEY|secret\\.key|access\\.key|session\\.token)");

  private static final Secrets HERE = new Secrets(System.getenv());

  private final List<String> values;

  private Secrets(Map<String, String> named) {
    List<String> secret = new ArrayList<>();
    named.forEach(
        (name, value) -> {
          boolean isPath = value.startsWith("/");
          if (!isPath && value.length() >= LEAST_VALUE && SECRET_NAMES.matcher(name).matches()) {
            secret.add(value);
          }
        });
    secret.sort(Comparator.comparing(String::length).reversed()); // one may hold another
    values = List.copyOf(secret);
  }

  /** For a process of that environment: what it calls a secret is one, however it looks. */
  static Secrets of(Map<String, String> environment) {
    return new Secrets(environment);
  }

  /**
   * The text with {@value #HIDDEN} for all that looks like a key, and for those of this process.
   */
  public static String hidden(String text) {
    return HERE.hide(text);
  }

  String hide(String text) {
    String shown = text;
    for (String value : values) {
      shown = shown.replace(value, HIDDEN);
    }
    shown =
        USER.matcher(shown)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        NO_USERS.contains(found.group(1)) && found.group(2).indexOf(':') < 0
                            ? found.group()
                            : found.group(1) + "://" + HIDDEN + "@"));
    for (Pattern look : LOOKS) {
      shown = look.matcher(shown).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN));
    }
    return shown;
  }
}
