package dev.stockpot.merge.adapter;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.quantised.CodedModule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tensors that an adapter changes, and those that it cannot, told all together. */
final class Targets {
  private final BaseModel base;
  private final Drafts drafts;
  private final Set<String> missing = new LinkedHashSet<>();
  private final Map<String, CodedModule> coded = new LinkedHashMap<>();

  Targets(BaseModel base, Drafts drafts) {
    this.base = base;
    this.drafts = drafts;
  }

  /** The tensor of the base; nothing, which is a problem, if there is none that can be changed. */
  Optional<String> find(String wanted) {
    if (drafts.isTouched(wanted)) {
      return Optional.of(wanted);
    }
    Optional<String> name = base.names().find(wanted);
    Optional<CodedModule> codes = base.codes(name.orElse(wanted));
    if (codes.isPresent()) {
      coded.put(name.orElse(wanted), codes.get());
      return Optional.empty();
    }
    if (name.isEmpty()) {
      missing.add(wanted);
    }
    return name;
  }

  /** Why tensors that were looked for cannot be changed. */
  List<String> problems(AdapterConfig config) {
    List<String> problems = new ArrayList<>();
    if (!missing.isEmpty()) {
      String first = missing.iterator().next();
      problems.add(
          "the base has no tensor for %s of what the adapter changes: %s. The nearest to %s is %s. Name the base that the adapter was trained on%s"
              .formatted(
                  missing.size(),
                  FirstFew.of(List.copyOf(missing)),
                  first,
                  base.names().nearest(first),
                  config.base().isEmpty() ? "" : ", " + config.base()));
    }
    Map<String, List<String>> byCoding = new LinkedHashMap<>(); // a base has one, mostly
    coded.forEach(
        (tensor, module) ->
            byCoding.computeIfAbsent(module.codingWords(), any -> new ArrayList<>()).add(tensor));
    byCoding.forEach(
        (coding, tensors) ->
            problems.add(
                "the base stores %s of what the adapter changes as codes of %s, to which nothing can be added: %s. De-quantise the base first, with %s"
                    .formatted(
                        tensors.size(),
                        coding,
                        FirstFew.of(tensors),
                        coded.get(tensors.get(0)).dequantiser())));
    return problems;
  }
}
