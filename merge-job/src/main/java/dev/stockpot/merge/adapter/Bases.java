package dev.stockpot.merge.adapter;

import java.util.Locale;
import java.util.Optional;

/** Whether a base is the one that an adapter was trained on, as far as names tell. */
final class Bases {
  private Bases() {}

  /**
   * What to tell if they differ; nothing if they do not, or if the adapter names none.
   *
   * @param base as the recipe names it
   */
  static Optional<String> difference(Adapter adapter, String base) {
    String trained = adapter.config().base();
    if (trained.isEmpty() || isSame(trained, base)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s was trained on %s, and is put on %s: their tensors fit, but look whether that is the same model"
            .formatted(adapter.folder(), trained, base));
  }

  /** A folder is called like the model in it, or as the hub's cache calls it. */
  private static boolean isSame(String trained, String base) {
    String a = plain(trained);
    String b = plain(base);
    String cached = "models--" + a.replace("/", "--");
    return a.equals(b) || last(a).equals(last(b)) || ("/" + b + "/").contains("/" + cached + "/");
  }

  private static String plain(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int at = lower.lastIndexOf('@');
    String model = at > lower.lastIndexOf('/') ? lower.substring(0, at) : lower;
    return model.endsWith("/") ? model.substring(0, model.length() - 1) : model;
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
