package dev.stockpot.merge.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The one door to the library that reads HOCON, which by itself knows no limits. */
final class Hocon {
  /** As many values as a recipe in YAML may have with its aliases written out. */
  private static final double MOST_EXPANSIONS = 100_000;

  /** Nobody writes more by hand; a device or a pipe has no end. */
  private static final int MOST_BYTES = 4 << 20;

  private Hocon() {}

  /**
   * Text with what it includes, and with all substitutions made.
   *
   * @param folder whose files it may include; empty: none
   * @param variables which of the environment it sees
   * @throws UserException if something in it is too much
   * @throws com.typesafe.config.ConfigException if it is no HOCON
   */
  static Config resolved(
      String source, String text, Optional<Path> folder, ConfigResolveOptions variables) {
    double own = HoconScan.expansions(source, text);
    FolderIncluder includer = new FolderIncluder(folder, source);
    Config parsed = parsed(source, text, includer);
    double expansions = own * includer.expansions();
    if (expansions > MOST_EXPANSIONS) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s: its substitutions come to more than %.0f values, as each stands for others;"
                  + " write values where they belong",
              source,
              MOST_EXPANSIONS));
    }
    try {
      return parsed.resolve(variables);
    } catch (StackOverflowError e) { // the library follows each into the next
      throw new UserException(
          "%s: its substitutions lead from one to the next too often; write values where they belong"
              .formatted(source),
          e);
    }
  }

  /**
   * Text that was looked through, with what it includes and substitutions that are still to be
   * made.
   */
  static Config parsed(String source, String text, FolderIncluder includer) {
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setOriginDescription(source)
            .setAllowMissing(false)
            .appendIncluder(includer);
    return ConfigFactory.parseString(text, options);
  }

  /**
   * The text of a file of this machine.
   *
   * @throws UserException if it is none, or cannot have been written by hand
   */
  static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new UserException(
            "%s has more than %s bytes, which nobody writes; is it the right file?"
                .formatted(file, MOST_BYTES));
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UserException("%s is not UTF-8 text; is it the right file?".formatted(file), e);
    } catch (IOException e) {
      throw new UserException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }
}
