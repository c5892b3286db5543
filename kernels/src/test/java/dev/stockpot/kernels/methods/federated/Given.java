package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.method.Judgement.Verdict;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A round of one tensor: the server's model first, then clients, then what it remembers. */
final class Given {
  static final Merging MERGING = Merging.by(new ScalarProvider());

  private final String rule;
  private final List<float[]> inputs = new ArrayList<>();
  private final List<float[]> states = new ArrayList<>();
  private final Terms terms;
  private Object[] numbers = {};

  private Given(String rule, float... server) {
    this.rule = rule;
    this.terms = Terms.of(rule, server.length).base();
    inputs.add(server);
  }

  static Given round(String rule, float... server) {
    return new Given(rule, server);
  }

  /** A client, with parameters by name and value. */
  Given client(float[] model, Object... parameters) {
    inputs.add(model);
    terms.model(parameters);
    return this;
  }

  Given numbers(Object... namesAndValues) {
    numbers = namesAndValues;
    return this;
  }

  /** What the round before remembered, in the order of the rule's side inputs. */
  Given state(float[]... remembered) {
    states.addAll(Arrays.asList(remembered));
    return this;
  }

  private Terms terms() {
    terms.merge(numbers);
    MergeMethod method = MergeMethods.named(rule).orElseThrow();
    for (int i = 0; i < states.size(); i++) {
      terms.side(SideInput.Given.of(method.sideInputs().get(i)));
    }
    return terms;
  }

  Terms asTerms() {
    return terms();
  }

  private float[][] all() {
    List<float[]> all = new ArrayList<>(inputs);
    all.addAll(states);
    return all.toArray(float[][]::new);
  }

  /** The next model, then what is remembered, one after the other. */
  float[] made() {
    return made(MERGING);
  }

  float[] made(Merging merging) {
    return merging.merge(terms(), all());
  }

  /** What is told of clients. */
  Judgement judgement() {
    return MERGING.known(terms().program(), all()).judgement().orElseThrow();
  }

  /** What each client counts. */
  List<Double> weights() {
    return judgement().verdicts().stream().map(Verdict::weight).toList();
  }
}
