package dev.stockpot.merge.adapter;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.adapter.AdapterKey.Part;
import dev.stockpot.merge.adapter.AdapterModule.Pair;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bakes an adapter into the tensors of a model: all that it holds, or a problem for each. */
final class Baker {
  private final AdapterConfig config;
  private final BaseModel base;
  private final Drafts drafts;
  private final List<String> problems;
  private final Targets targets;

  Baker(AdapterConfig config, BaseModel base, Drafts drafts, List<String> problems) {
    this.config = config;
    this.base = base;
    this.drafts = drafts;
    this.problems = problems;
    this.targets = new Targets(base, drafts);
  }

  /** Whole copies come first: a LoRA is added to what the embedding has become. */
  void bake(AdapterContents contents) {
    contents.copies().forEach(this::copy);
    Experts experts = new Experts(config, base, drafts, problems);
    List<AdapterModule> others = new ArrayList<>();
    for (AdapterModule module : contents.modules()) {
      if (!experts.take(module)) {
        others.add(module);
      }
    }
    experts.bake();
    others.forEach(this::bake);
    problems.addAll(targets.problems(config));
  }

  private void copy(String wanted, Stored copy) {
    Optional<String> shared = base.sharedEmbedding();
    boolean isSharedHead = shared.isPresent() && BaseModel.isHead(wanted);
    if (isSharedHead) {
      copyOfSharedHead(wanted, copy, shared.get());
      return;
    }
    Optional<String> name = targets.find(wanted);
    if (name.isEmpty() || !fits(name.get(), copy)) {
      return;
    }
    boolean unties =
        shared.filter(name.get()::equals).isPresent()
            && !config.tiesWeights()
            && config.copies(wanted);
    if (unties) {
      untie(name.get());
    }
    drafts.change(name.get(), draft -> draft.replaced(copy));
  }

  /** A head that the base shares with its embedding was trained for itself, or is a mere copy. */
  private void copyOfSharedHead(String wanted, Stored copy, String embedding) {
    if (config.copies(wanted) && !config.tiesWeights()) {
      drafts.add(wanted, Draft.of(copy, drafts.get(embedding).dtype()));
    } else if (!drafts.isTouched(embedding) && fits(embedding, copy)) {
      drafts.change(embedding, draft -> draft.replaced(copy));
    }
  }

  /** Gives the head a tensor of its own, as the embedding is before it is changed. */
  private void untie(String embedding) {
    String head = BaseModel.HEAD + ".weight";
    if (!drafts.isTouched(head)) {
      drafts.add(head, drafts.get(embedding));
    }
  }

  private boolean fits(String name, Stored copy) {
    Draft draft = drafts.get(name);
    boolean sameShape =
        copy.shape().equals(draft.shape())
            || (BaseModel.isVocabulary(name) && differsInRows(copy.shape(), draft.shape()));
    boolean sameKind =
        copy.dtype() == draft.dtype() || (copy.dtype().isReadable() && draft.dtype().isWritable());
    if (!sameShape || !sameKind) {
      problems.add(
          "it holds %s %s, and the base has %s %s in its place. Name the base that the adapter was trained on"
              .formatted(copy.dtype(), AdapterModule.shown(copy), draft.dtype(), draft.shape()));
    }
    return sameShape && sameKind;
  }

  private static boolean differsInRows(Shape a, Shape b) {
    int dimensions = a.dimensions().size();
    return dimensions == b.dimensions().size()
        && dimensions > 0
        && a.dimensions().subList(1, dimensions).equals(b.dimensions().subList(1, dimensions));
  }

  private void bake(AdapterModule module) {
    Optional<Pair> pair = module.pair(Part.A, Part.B, problems);
    Optional<Pair> embedding = module.pair(Part.EMBEDDING_A, Part.EMBEDDING_B, problems);
    pair.ifPresent(factors -> weight(module, factors));
    embedding.ifPresent(factors -> embedding(module, factors));
    module.part(Part.BIAS).ifPresent(bias -> bias(module, bias));
    module.part(Part.TOKENS).ifPresent(rows -> tokens(module, rows));
    boolean isAlone = pair.isEmpty() && embedding.isEmpty();
    for (Part part : List.of(Part.MAGNITUDE, Part.BIAS)) {
      if (isAlone && module.part(part).isPresent()) {
        problems.add(
            "it holds %s without a LoRA that it belongs to. Fetch it again"
                .formatted(AdapterModule.shown(module.part(part).get())));
      }
    }
  }

  /** The rank of a pair, if it is what the configuration says. */
  private boolean hasRank(AdapterModule module, Pair pair) {
    long rank = config.scales().rankOf(module.plain());
    if (pair.fit() && pair.rank() == rank) {
      return true;
    }
    problems.add(
        "%s are no pair of rank %s, as %s has it. Fetch the adapter again, both files from one place"
            .formatted(pair, rank, AdapterConfig.FILE_NAME));
    return false;
  }

  private void weight(AdapterModule module, Pair pair) {
    Optional<String> found = weightOf(module.plain());
    if (found.isEmpty() || !hasRank(module, pair)) {
      return;
    }
    String name = found.get();
    Optional<Layout> layout =
        Layout.of(drafts.get(name).shape(), pair, module.plain(), config, base);
    if (layout.isEmpty() || AdapterKey.isInner(module.name())) {
      problems.add(
          "%s do not fit %s %s of the base. Name the base that the adapter was trained on"
              .formatted(pair, name, drafts.get(name).shape()));
      return;
    }
    float scale = config.scales().scaleOf(module.plain(), pair.rank());
    if (!new Beginning(config, drafts, problems).isTaken(name, pair, layout.get(), scale)) {
      return;
    }
    boolean areColumns = layout.get() == Layout.SWAPPED;
    drafts.change(
        name,
        draft ->
            areColumns
                ? draft.plus(pair.a().transposed(), pair.b().transposed(), pair.rank(), scale)
                : draft.plus(pair.b(), pair.a(), pair.rank(), scale));
    module.part(Part.MAGNITUDE).ifPresent(lengths -> lengths(name, lengths, areColumns));
  }

  private void lengths(String name, Stored lengths, boolean areColumns) {
    List<Long> dimensions = drafts.get(name).shape().dimensions();
    long wanted = dimensions.get(areColumns ? 1 : 0);
    if (lengths.shape().elements() != wanted) {
      problems.add(
          "%s must have %s elements, one for each output of %s. Fetch the adapter again"
              .formatted(AdapterModule.shown(lengths), wanted, name));
      return;
    }
    drafts.change(name, draft -> draft.withLengths(lengths, areColumns));
  }

  /** Of a linear module, an attention with one matrix for its inputs, or a head that is shared. */
  private Optional<String> weightOf(String module) {
    String attention = module + ".in_proj_weight";
    if (base.names().holds(attention)) {
      return Optional.of(attention);
    }
    String wanted = module + ".weight";
    Optional<String> shared = base.sharedEmbedding();
    if (shared.isPresent() && BaseModel.isHead(wanted)) {
      untie(shared.get());
      return Optional.of(BaseModel.HEAD + ".weight");
    }
    return targets.find(wanted);
  }

  private void embedding(AdapterModule module, Pair pair) {
    Optional<String> found = targets.find(module.plain() + ".weight");
    if (found.isEmpty() || !hasRank(module, pair)) {
      return;
    }
    String name = found.get();
    if (!drafts.get(name).shape().equals(Shape.of(pair.columns(), pair.rows()))) {
      problems.add(
          "%s do not fit %s %s of the base. Name the base that the adapter was trained on"
              .formatted(pair, name, drafts.get(name).shape()));
      return;
    }
    if (base.sharedEmbedding().filter(name::equals).isPresent() && !config.tiesWeights()) {
      untie(name);
    }
    float scale = config.scales().scaleOf(module.plain(), pair.rank());
    TensorSource left = pair.a().transposed();
    TensorSource right = pair.b().transposed();
    drafts.change(name, draft -> draft.plus(left, right, pair.rank(), scale));
    module.part(Part.MAGNITUDE).ifPresent(lengths -> lengths(name, lengths, true));
  }

  private void bias(AdapterModule module, Stored bias) {
    Optional<String> found = targets.find(module.plain() + ".bias");
    if (found.isEmpty()) {
      return;
    }
    if (bias.shape().elements() != drafts.get(found.get()).shape().elements()) {
      problems.add(
          "%s does not fit %s %s of the base"
              .formatted(AdapterModule.shown(bias), found.get(), drafts.get(found.get()).shape()));
      return;
    }
    long rank = config.scales().rankOf(module.plain());
    float scale = config.scales().scaleOf(module.plain(), rank);
    drafts.change(found.get(), draft -> draft.plus(bias, scale));
  }

  private void tokens(AdapterModule module, Stored rows) {
    Optional<String> found = targets.find(module.plain() + ".weight");
    Optional<List<Long>> wanted = config.tokensOf(module.plain());
    if (found.isEmpty()) {
      return;
    }
    String name = found.get();
    Optional<TokenRows> changed =
        wanted.flatMap(ids -> TokenRows.of(drafts.get(name).shape(), ids, rows));
    if (changed.isEmpty()) {
      problems.add(
          "%s does not fit the `trainable_token_indices` of %s, %s, and %s %s of the base"
              .formatted(
                  AdapterModule.shown(rows),
                  AdapterConfig.FILE_NAME,
                  wanted.map(ids -> ids.size() + " ids").orElse("which has none for it"),
                  name,
                  drafts.get(name).shape()));
      return;
    }
    drafts.change(name, draft -> draft.replaced(changed.get().over(draft.unrounded())));
  }
}
