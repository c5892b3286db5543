package dev.stockpot.merge.adapter;

import dev.stockpot.merge.model.TensorSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The tensors of a model while adapters change some of them. */
final class Drafts {
  private final Map<String, TensorSource> untouched;
  private final Map<String, Draft> touched = new LinkedHashMap<>();

  Drafts(Map<String, TensorSource> tensors) {
    this.untouched = new LinkedHashMap<>(tensors);
  }

  boolean isTouched(String name) {
    return touched.containsKey(name);
  }

  /** The tensor of that name, as it is by now. */
  Draft get(String name) {
    Draft draft = touched.get(name);
    return draft == null ? Draft.of(untouched.get(name)) : draft;
  }

  void change(String name, UnaryOperator<Draft> change) {
    touched.put(name, change.apply(get(name)));
  }

  /** A tensor that was not there. */
  void add(String name, Draft draft) {
    touched.put(name, draft);
  }

  Map<String, Draft> touched() {
    return Collections.unmodifiableMap(touched);
  }

  /** All tensors, each rounded once. */
  Map<String, TensorSource> rounded() {
    Map<String, TensorSource> all = new LinkedHashMap<>(untouched);
    touched.forEach((name, draft) -> all.put(name, draft.rounded()));
    return all;
  }
}
