package dev.stockpot.merge.hub;

import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of a hub that does not answer as it should. It has a class of its own, loaded with
 * the first such word: loggers take a sixth of a second to load, which a plan can do without.
 */
final class HubLog {
  private static final Logger LOG = LoggerFactory.getLogger(HubLog.class);

  private HubLog() {}

  static void askingAgain(URI uri, int status, Duration wait) {
    LOG.warn("{} answered {}, asking again in {}", uri.getHost(), status, wait);
  }

  static void askingAgain(URI uri, IOException failure, Duration wait) {
    String kind = failure.getClass().getSimpleName();
    LOG.warn("{} did not answer ({}), asking again in {}", uri.getHost(), kind, wait);
  }

  static void readingAgain(StoredObject object, long from, IOException failure) {
    String why = failure.getMessage();
    LOG.warn("{}, byte {}: reading again after {}", object.location(), from, why);
  }
}
