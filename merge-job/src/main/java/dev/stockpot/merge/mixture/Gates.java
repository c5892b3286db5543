package dev.stockpot.merge.mixture;

import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.MixtureChoice;
import dev.stockpot.merge.recipe.MixtureChoice.GateMode;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the rows of routers as a recipe says. They are small, and known before a merge begins. */
final class Gates {
  /** From here on mergekit, too, says that a router can hardly tell its experts apart. */
  private static final double DEGENERATE = 5;

  private final MixtureChoice mixture;
  private final MixtureKind kind;
  private final DenseModel base;
  private final int width;
  private final ObjectSource store;
  private final Problems problems;
  private final List<String> notices;
  private final long seed;

  /**
   * @param width of the stream that routers read
   * @param seed of draws
   */
  Gates(
      MixtureChoice mixture,
      MixtureKind kind,
      DenseModel base,
      int width,
      ObjectSource store,
      Problems problems,
      List<String> notices,
      long seed) {
    this.mixture = mixture;
    this.kind = kind;
    this.base = base;
    this.width = width;
    this.store = store;
    this.problems = problems;
    this.notices = notices;
    this.seed = seed;
  }

  private boolean hasSharedGate() {
    return mixture.shared().isPresent() && kind.gatesShared();
  }

  private int rows() {
    return mixture.experts().size() + (hasSharedGate() ? 1 : 0);
  }

  /**
   * The rows of each layer, that of a gated shared expert behind the others; none if they cannot be
   * had, which is a problem then.
   */
  List<RouterRows> of(int layers, Optional<Model> file, PromptTokens tokenizer) throws IOException {
    List<RouterRows> raw = raw(layers, file, tokenizer);
    List<RouterRows> finished = new ArrayList<>();
    for (RouterRows rows : raw) {
      finished.add(
          finished.isEmpty() || !rows.equals(raw.get(finished.size() - 1))
              ? finished(rows, finished.size())
              : finished.get(finished.size() - 1)); // the same in every layer
    }
    return finished;
  }

  private List<RouterRows> raw(int layers, Optional<Model> file, PromptTokens tokenizer)
      throws IOException {
    GateMode mode = mixture.gates().mode();
    List<RouterRows> raw = new ArrayList<>();
    if (mode.readsStates() || mode == GateMode.FILE) {
      return read(layers, file.orElseThrow());
    }
    if (mode == GateMode.CHEAP_EMBED) {
      Optional<RouterRows> rows =
          new EmbeddedPrompts(base, store, tokenizer, problems).rows(mixture);
      for (int layer = 0; rows.isPresent() && layer < layers; layer++) {
        raw.add(rows.get());
      }
      return raw;
    }
    for (int layer = 0; layer < layers; layer++) {
      float[] drawn = new float[rows() * width];
      numbers(kind.router(layer, /* isFused= */ false)).fill(0, drawn);
      double[] all = new double[drawn.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = drawn[i];
      }
      raw.add(RouterRows.of(all, width));
    }
    return raw;
  }

  private Numbers numbers(String router) {
    return switch (mixture.gates().mode()) {
      case RANDOM -> Numbers.normal(seed, router, 1);
      case UNIFORM_RANDOM -> Numbers.uniform(seed, router, (float) (1 / Math.sqrt(width)));
      default -> Numbers.all(0);
    };
  }

  private List<RouterRows> read(int layers, Model file) throws IOException {
    GateFile gates = new GateFile(mixture.gates().file().orElseThrow().toString(), file, store);
    List<RouterRows> all = new ArrayList<>();
    if (mixture.gates().mode().readsStates()) {
      all.addAll(gates.states(mixture, layers, rows(), width));
    }
    for (int layer = 0; mixture.gates().mode() == GateMode.FILE && layer < layers; layer++) {
      gates.rows(layer, mixture.experts().size(), hasSharedGate(), width).ifPresent(all::add);
    }
    gates.faults().stream().limit(2).forEach(fault -> problems.add(mixture.gates().line(), fault));
    return gates.faults().isEmpty() ? all : List.of();
  }

  private RouterRows finished(RouterRows rows, int layer) {
    int experts = mixture.experts().size();
    RouterRows own = rows.first(experts);
    if (mixture.gates().isCentred()) {
      own = own.centred();
    }
    if (mixture.gates().mode().usesPrompts()) {
      own = own.normalized();
      double condition = own.condition();
      if (condition > DEGENERATE && experts > 1 && !mixture.gates().isCentred()) {
        notices.add(
            String.format(
                Locale.ROOT,
                "the router%s can hardly tell its experts apart: its condition number is %.1f, above %.0f; take prompts that are less alike, or write `gate_center: true`",
                mixture.gates().mode() == GateMode.CHEAP_EMBED ? "" : " of layer " + layer,
                condition,
                DEGENERATE));
      }
    }
    List<double[]> all = new ArrayList<>(own.scaled(mixture.gates().scale()).rows());
    if (hasSharedGate()) {
      RouterRows shared = rows.only(experts);
      all.addAll((mixture.gates().mode().usesPrompts() ? shared.normalized() : shared).rows());
    }
    return new RouterRows(all);
  }
}
