package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.SideInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A merge by each method there is, with values that make it do something. A method whose required
 * parameters nobody gave a value here is an error, so that none is left out.
 */
public record EveryMethod(String method, int inputs, int base) {
  public static final int NO_BASE = -1;
  private static final int MODELS = 3;

  /** Of three models: a statistic of each, or a base. */
  public static final int MOST_INPUTS = 2 * MODELS;

  private static final Map<String, Object> VALUES =
      Map.ofEntries(
          Map.entry("weight", 0.7),
          Map.entry("density", 0.4),
          Map.entry("gamma", 0.05),
          Map.entry("t", 0.37),
          Map.entry("scale", 0.6),
          Map.entry("beta", 0.5),
          Map.entry("select_topk", 0.4),
          Map.entry("examples", 7.0),
          Map.entry("loss", 1.3),
          Map.entry("client_learning_rate", 0.1),
          Map.entry("steps", 3.0),
          Map.entry("proximal_mu", 0.1),
          Map.entry("f", 0.0),
          Map.entry("m", 2.0),
          Map.entry("target", 0.08),
          Map.entry("step", 1000.0));

  /** Numbers that are another one for each model. */
  private static final Set<String> OF_EACH = Set.of("step");

  /** Where a word means other things to other methods. */
  private static final Map<String, Map<String, Object>> OWN_VALUES =
      Map.of("lines", Map.of("alpha", 0.3), "fltrust", Map.of("trusted", true));

  public static List<EveryMethod> all() {
    return all(MODELS);
  }

  /** Those of so many models, or, where a method does not take as many, of as many as it takes. */
  public static List<EveryMethod> all(int models) {
    return MergeMethods.all().stream().map(method -> of(method, models)).toList();
  }

  private static EveryMethod of(MergeMethod method, int wanted) {
    Arity arity = method.arity();
    int models = Math.max(arity.fewest(), Math.min(wanted, arity.most()));
    boolean isBeside = arity.takesOrigin();
    boolean hasBase = isBeside || arity.needsBase();
    int all = models + (isBeside ? 1 : 0);
    return new EveryMethod(
        method.name(), all + required(method).size() * models, hasBase ? 0 : NO_BASE);
  }

  /** Statistics of each model that a merge cannot do without. */
  private static List<SideInput> required(MergeMethod method) {
    return method.sideInputs().stream()
        .filter(SideInput::isRequired)
        .filter(input -> input.scope() == Parameter.Scope.MODEL)
        .toList();
  }

  /** Inputs that are models; the others are statistics of them, in the same order. */
  public int models() {
    int sides = required(MergeMethods.named(method).orElseThrow()).size();
    boolean isBeside = MergeMethods.named(method).orElseThrow().arity().takesOrigin();
    int beside = isBeside ? 1 : 0;
    return (inputs - beside) / (1 + sides) + beside;
  }

  public boolean hasMergeParameter(String name) {
    return parameters(Parameter.Scope.MERGE).stream().anyMatch(p -> p.name().equals(name));
  }

  private List<Parameter<?>> parameters(Parameter.Scope scope) {
    return MergeMethods.named(method).orElseThrow().parameters().stream()
        .filter(parameter -> parameter.scope() == scope)
        .toList();
  }

  /** Its terms for a tensor of that shape, some merge parameters given by name and value. */
  public Terms terms(int rows, int columns, Object... more) {
    Terms terms = Terms.of(method, rows * columns);
    if (rows > 1) {
      terms.shape(rows, columns);
    }
    for (int i = 0; i < models(); i++) {
      if (i == base) {
        terms.base();
      } else {
        terms.model(values(Parameter.Scope.MODEL, i + 1));
      }
    }
    for (SideInput input : required(MergeMethods.named(method).orElseThrow())) {
      for (int i = 0; i < models(); i++) {
        if (i != base) {
          terms.side(SideInput.Given.of(input, i));
        }
      }
    }
    List<Object> merge = new ArrayList<>(List.of(values(Parameter.Scope.MERGE, 1)));
    merge.addAll(List.of(more));
    return terms.merge(merge.toArray());
  }

  private Object[] values(Parameter.Scope scope, int place) {
    List<Object> values = new ArrayList<>();
    for (Parameter<?> parameter : parameters(scope)) {
      Object value = OWN_VALUES.getOrDefault(method, Map.of()).getOrDefault(parameter.name(), null);
      if (value == null) {
        value = VALUES.get(parameter.name());
      }
      if (value == null && parameter.isRequired()) {
        throw new AssertionError(
            "%s requires `%s`: give it a value here".formatted(method, parameter.name()));
      }
      if (value != null) {
        values.add(parameter.name());
        values.add(OF_EACH.contains(parameter.name()) ? place * (Double) value : value);
      }
    }
    return values.toArray();
  }
}
