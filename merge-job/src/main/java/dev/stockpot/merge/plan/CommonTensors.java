package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Tensors that several models have under one name, and of which all can be looked at together.
 *
 * @param models whose codes are read as the numbers that they stand for
 * @param looks what looks at each, in the order of the first model
 * @param notices what is not compared, and why
 */
record CommonTensors(List<Model> models, List<Look> looks, List<String> notices) {
  CommonTensors {
    models = List.copyOf(models);
    looks = List.copyOf(looks);
    notices = List.copyOf(notices);
  }

  /**
   * Those of equal shapes whose elements are numbers.
   *
   * @param look how a tensor is looked at, by its name and what it is in each model
   */
  static CommonTensors of(
      List<Model> given, long taskBytes, BiFunction<String, List<TensorSource>, Look> look) {
    List<String> notices = new ArrayList<>();
    List<Model> models = given.stream().map(model -> numbers(model, notices)).toList();
    Model first = models.get(0);
    List<Look> looks = new ArrayList<>();
    Map<String, List<String>> left = new LinkedHashMap<>();
    first
        .tensors()
        .keySet()
        .forEach(
            name -> {
              Optional<String> obstacle = obstacle(models, name);
              if (obstacle.isEmpty()) {
                Look wanted = look.apply(name, sources(models, name));
                obstacle = wanted.obstacle(taskBytes);
                if (obstacle.isEmpty()) {
                  looks.add(wanted);
                }
              }
              obstacle.ifPresent(
                  why -> left.computeIfAbsent(why, any -> new ArrayList<>()).add(name));
            });
    for (Model model : models.subList(1, models.size())) {
      List<String> added =
          model.tensors().keySet().stream()
              .filter(name -> !first.tensors().containsKey(name))
              .toList();
      if (!added.isEmpty()) {
        left.computeIfAbsent(lacks(first), any -> new ArrayList<>()).addAll(added);
      }
    }
    left.forEach(
        (reason, names) ->
            notices.add(
                "%s not compared, because %s: %s"
                    .formatted(
                        Gathering.tensors(names.size()), reason, Gathering.examples(names))));
    return new CommonTensors(models, looks, notices);
  }

  /**
   * Codes of two models are no more alike than their scales are: numbers are compared, or nothing.
   */
  private static Model numbers(Model model, List<String> notices) {
    Optional<Model> read = CodedNumbers.of(model);
    if (read.isPresent()) {
      return read.get();
    }
    Model without = CodedNumbers.leftOut(model);
    notices.add(
        "%s of %s not compared, because they are codes that nobody here can read"
            .formatted(
                Gathering.tensors(model.tensors().size() - without.tensors().size()),
                model.folder()));
    return without;
  }

  private static List<TensorSource> sources(List<Model> models, String name) {
    return models.stream().map(model -> model.tensors().get(name)).toList();
  }

  private static Optional<String> obstacle(List<Model> models, String name) {
    Model first = models.get(0);
    TensorSource ours = first.tensors().get(name);
    for (Model model : models) {
      TensorSource theirs = model.tensors().get(name);
      if (theirs == null) {
        return Optional.of(lacks(model));
      }
      if (!theirs.shape().equals(ours.shape())) {
        return Optional.of(
            "their shapes differ between %s and %s".formatted(first.folder(), model.folder()));
      }
    }
    if (ours.shape().elements() == 0) {
      return Optional.of("they have no elements");
    }
    return sources(models, name).stream().allMatch(source -> source.dtype().isReadable())
        ? Optional.empty()
        : Optional.of("their elements are no floating-point numbers");
  }

  private static String lacks(Model model) {
    return "%s has no such tensor".formatted(model.folder());
  }
}
