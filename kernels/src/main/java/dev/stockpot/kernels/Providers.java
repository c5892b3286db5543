package dev.stockpot.kernels;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses who computes, and says why. */
public final class Providers {
  private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

  private Providers() {}

  /**
   * The first provider that can run here.
   *
   * @throws IllegalStateException if none can
   */
  public static KernelProvider fastest(List<KernelProvider> fastestFirst) {
    StringBuilder others = new StringBuilder();
    for (KernelProvider provider : fastestFirst) {
      Optional<String> obstacle = provider.obstacle();
      if (obstacle.isEmpty()) {
        LOG.info("Kernels: {}{}", provider.name(), others);
        return provider;
      }
      others.append("; not %s: %s".formatted(provider.name(), obstacle.get()));
    }
    throw new IllegalStateException(
        "No kernels can run here%s; is the scalar provider listed?".formatted(others));
  }

  /**
   * The provider of that name, which has to run here.
   *
   * @throws IllegalArgumentException if there is none of that name, or it cannot run here
   */
  public static KernelProvider forced(String name, List<KernelProvider> all) {
    KernelProvider wanted =
        all.stream()
            .filter(provider -> provider.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there are no kernels named '%s', only auto and %s"
                            .formatted(
                                name,
                                String.join(
                                    ", ", all.stream().map(KernelProvider::name).toList()))));
    wanted
        .obstacle()
        .ifPresent(
            obstacle -> {
              throw new IllegalArgumentException(
                  "%s kernels cannot run: %s".formatted(name, obstacle));
            });
    LOG.info("Kernels: {}, as was set", wanted.name());
    return wanted;
  }
}
