package dev.stockpot.merge.plan;

import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.Gathering.Found;
import dev.stockpot.merge.quantised.CodedModule;
import dev.stockpot.merge.quantised.CodedModules;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What becomes of codes and their scales: they are copied where one model alone counts, all of a
 * module from the same one, and are a problem everywhere else.
 */
final class CodedInputs {
  private static final String COPYING =
      "or let each of these modules come from one model alone, by passthrough, or by filters with"
          + " weights of 0 and 1";

  /** What says how codes are read: part of the configuration, or a file beside it. */
  private static final Pattern QUANTISER =
      Pattern.compile("quantization|^(hf_quant_config|quantize_config|quant_config)\\.");

  private final Map<ModelReference, CodedModules> modules = new HashMap<>();
  private final Map<ModelReference, Map<String, String>> quantisations = new HashMap<>();
  private final Map<ModelReference, Model> models;
  private final ModelReference donor;
  private final Optional<DType> dtype;
  private final boolean areThere;

  private final Map<Source, Set<CodedModule>> faults = new LinkedHashMap<>();
  private final Map<Source, Set<CodedModule>> retyped = new LinkedHashMap<>();

  /** What a module of the output is made of: tensors, by the model that they come from. */
  private final Map<String, Map<Source, List<Copied>>> outputs = new LinkedHashMap<>();

  /** A tensor of a module that is coded in some model. */
  private record Copied(String output, Optional<CodedModule> module) {}

  CodedInputs(Map<ModelReference, Model> models, ModelReference donor, Optional<DType> dtype) {
    this.models = models;
    this.donor = donor;
    this.dtype = dtype;
    models.forEach(
        (reference, model) ->
            modules.put(reference, CodedModules.of(model.config().values(), model.tensors())));
    this.areThere = modules.values().stream().anyMatch(coded -> !coded.all().isEmpty());
  }

  /** Whether any model has codes. */
  boolean areThere() {
    return areThere;
  }

  /** Whether an output tensor lies among codes in any of the models that it is made of. */
  boolean concern(Route route) {
    for (int i = 0; i < route.inputs().size(); i++) {
      Source source = route.slice().sources().get(i);
      CodedModules coded = modules.get(source.model());
      boolean isThere = models.get(source.model()).tensors().containsKey(route.inputs().get(i));
      if (isThere
          ? coded.of(route.inputs().get(i)).isPresent()
          : coded.around(route.inputs().get(i)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Notes that elements would be computed with. */
  void addMerged(Route route) {
    for (int i = 0; i < route.inputs().size(); i++) {
      Source source = route.slice().sources().get(i);
      moduleAt(source, route.inputs().get(i))
          .ifPresent(
              module -> faults.computeIfAbsent(source, any -> new LinkedHashSet<>()).add(module));
    }
  }

  private Optional<CodedModule> moduleAt(Source source, String name) {
    return modules.get(source.model()).around(name);
  }

  /**
   * Whether a tensor of one model, which alone counts, keeps its bytes: codes and their companions
   * do. A problem is noted if another type is asked for.
   */
  boolean keepBytes(Route route, int input, Found found) {
    Source source = route.slice().sources().get(input);
    Optional<CodedModule> module = modules.get(source.model()).of(found.name());
    String prefix =
        module
            .or(() -> moduleAt(source, found.name()))
            .map(CodedModule::prefix)
            .orElse(found.name().substring(0, found.name().lastIndexOf('.') + 1));
    String within = found.name().substring(prefix.length());
    String output = route.output();
    String place =
        output.endsWith(within)
            ? output.substring(0, output.length() - within.length())
            : output.substring(0, output.lastIndexOf('.') + 1);
    outputs
        .computeIfAbsent(place, any -> new LinkedHashMap<>())
        .computeIfAbsent(source, any -> new ArrayList<>())
        .add(new Copied(output, module));
    boolean isRetyped = module.filter(CodedModule::isReadable).isPresent() && dtype.isPresent();
    if (isRetyped) {
      retyped.computeIfAbsent(source, any -> new LinkedHashSet<>()).add(module.get());
    }
    return module.isPresent();
  }

  /** Whether numbers are wanted of codes that can be read, and of no other codes. */
  boolean wantsNumbers() {
    List<CodedModule> wanted =
        Stream.of(faults, retyped)
            .flatMap(noted -> noted.values().stream())
            .flatMap(Set::stream)
            .toList();
    return !wanted.isEmpty() && wanted.stream().allMatch(CodedModule::isReadable);
  }

  void report(Problems problems) {
    Set<Source> all = new LinkedHashSet<>(faults.keySet());
    all.addAll(retyped.keySet());
    for (Source source : all) {
      Set<CodedModule> coded = faults.getOrDefault(source, retyped.getOrDefault(source, Set.of()));
      problems.add(source.line(), problem(source.model(), coded));
    }
    if (all.isEmpty()) {
      reportMixed(problems);
      reportConfigurations(problems);
    }
  }

  private String problem(ModelReference model, Set<CodedModule> coded) {
    CodedModule first = Collections.min(coded, Comparator.comparing(CodedModule::prefix));
    List<CodedModule> float8 =
        modules.get(model).all().stream().filter(CodedModule::isFloat8).toList();
    return first.isFloat8() ? float8(model, float8) : codes(model, coded, first);
  }

  private static String float8(ModelReference model, List<CodedModule> coded) {
    TreeSet<String> codes = new TreeSet<>();
    coded.forEach(module -> codes.addAll(module.codes()));
    String code = codes.first();
    CodedModule module =
        coded.stream().filter(one -> one.codes().contains(code)).findFirst().orElseThrow();
    String scale =
        module.companions().stream()
            .filter(name -> name.startsWith(code))
            .findFirst()
            .orElse(module.companions().get(0));
    return "%s has scales for %s of FP8, for example %s for %s, and they cannot be merged. De-quantise"
            .formatted(model, Gathering.tensors(codes.size()), scale, code)
        + " the model to bfloat16 first, for example with %s; %s, and without a `dtype`"
            .formatted(module.dequantiser(), COPYING);
  }

  private static String codes(ModelReference model, Set<CodedModule> coded, CodedModule first) {
    String kinds = coded.stream().map(CodedModule::codingWords).distinct().collect(joining(", "));
    String parts =
        first.tensors().stream()
            .map(name -> name.substring(first.prefix().length()))
            .collect(joining(", "));
    return "%s is quantised (%s): the weights of %s are codes, for example %s (%s), and codes cannot be"
            .formatted(
                model,
                kinds,
                coded.size() == 1 ? "1 module" : coded.size() + " modules",
                plain(first.prefix()),
                parts)
        + " merged. De-quantise the model first, for example with %s; %s"
            .formatted(first.dequantiser(), COPYING);
  }

  /** Codes of one model beside scales of another, or without some of theirs. */
  private void reportMixed(Problems problems) {
    outputs.forEach(
        (place, sources) -> {
          boolean isMixed = sources.keySet().stream().map(Source::model).distinct().count() > 1;
          Source source = sources.keySet().iterator().next();
          if (isMixed) {
            problems.add(
                source.line(),
                "%s would have codes of one model beside scales of another (%s); write filters that"
                        .formatted(
                            plain(place),
                            sources.keySet().stream()
                                .map(one -> one.model().toString())
                                .collect(joining(", ")))
                    + " match modules, not single tensors");
          } else {
            reportIncomplete(place, source, sources.get(source), problems);
          }
        });
  }

  private static void reportIncomplete(
      String place, Source source, List<Copied> copied, Problems problems) {
    Set<CodedModule> coded = new LinkedHashSet<>();
    copied.forEach(one -> one.module().ifPresent(coded::add));
    long wanted = coded.stream().mapToLong(module -> module.tensors().size()).sum();
    long found = copied.stream().filter(one -> one.module().isPresent()).count();
    problems.addIf(
        wanted != found,
        source.line(),
        "%s would have %s of the %s tensors that its codes need in %s; write filters that match"
                .formatted(plain(place), found, wanted, source.model())
            + " modules, not single tensors");
  }

  /** The configuration that is written says how codes are read: it must be right for all. */
  private void reportConfigurations(Problems problems) {
    Map<String, String> expected = quantisation(donor);
    Set<ModelReference> told = new LinkedHashSet<>();
    outputs.forEach(
        (place, sources) ->
            sources.forEach(
                (source, copied) -> {
                  boolean isCoded = copied.stream().anyMatch(one -> one.module().isPresent());
                  boolean fits =
                      isCoded
                          ? quantisation(source.model()).equals(expected)
                          : modules.get(donor).all().isEmpty();
                  if (!fits && told.add(source.model())) {
                    problems.add(
                        source.line(),
                        "%s of %s is %s there, and the result has the configuration of %s, which says"
                                .formatted(
                                    plain(place),
                                    source.model(),
                                    isCoded ? "quantised" : "not quantised",
                                    donor)
                            + " otherwise. Take models that are quantised alike, or de-quantise"
                            + " them");
                  }
                }));
  }

  private Map<String, String> quantisation(ModelReference model) {
    return quantisations.computeIfAbsent(
        model,
        asked -> {
          Map<String, String> values = new LinkedHashMap<>(models.get(asked).config().values());
          values.keySet().removeIf(key -> !QUANTISER.matcher(key).find());
          return values;
        });
  }

  /** What a user should know of modules that are copied though models are merged. */
  Optional<String> notice() {
    List<String> copied = new ArrayList<>();
    outputs.forEach(
        (place, sources) ->
            sources.forEach(
                (source, tensors) -> {
                  boolean isCoded = tensors.stream().anyMatch(one -> one.module().isPresent());
                  if (isCoded) {
                    copied.add(plain(place));
                  }
                }));
    return copied.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s of codes copied with all that belongs to them, each from the model that alone counts: %s"
                .formatted(
                    copied.size() == 1 ? "1 module" : copied.size() + " modules",
                    Gathering.examples(copied)));
  }

  private static String plain(String prefix) {
    return prefix.isEmpty() ? "the model" : prefix.replaceAll("\\.$", "");
  }
}
