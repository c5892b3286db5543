package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.SideOutput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.random.Numbers;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;

/**
 * A merge method that a jar brings. Where its code does not fit the classes of this version, it is
 * refused in words instead of a {@link LinkageError}.
 */
record ForeignMethod(MergeMethod method) implements MergeMethod {
  private static final String SINCE =
      "Since 0.2 a card also states what the method costs, parameters are typed constants whose"
          + " values are asked for by `values.get(DENSITY)`, scans have a scope, and blocks, random"
          + " streams and statistics lie in packages of their own.";

  /**
   * The method, once all that it says of itself has been asked for.
   *
   * @throws MethodRefusedException if it was written for another version
   */
  static MergeMethod tried(MergeMethod method) {
    ForeignMethod foreign = new ForeignMethod(method);
    foreign.name();
    foreign.card();
    foreign.parameters();
    foreign.arity();
    foreign.sideInputs();
    foreign.sideOutputs();
    return foreign;
  }

  /** Why a class that a jar names as a service could not be used. */
  static MethodRefusedException refusal(ServiceConfigurationError error) {
    String what = "a merge method of a jar (%s)".formatted(error.getMessage());
    return error.getCause() instanceof LinkageError cause
        ? refusal(what, cause)
        : new MethodRefusedException(
            what + " cannot be loaded; mend the jar or take it away", error);
  }

  private static MethodRefusedException refusal(String what, LinkageError error) {
    boolean isOurs = String.valueOf(error.getMessage()).replace('/', '.').contains("dev.stockpot.");
    String why =
        isOurs
            ? "%s was written for Stockpot 0.1 and does not fit this version (%s). %s Change it as"
                + " docs/add-a-method.md shows, and compile it against this version's kernels."
            : "%s cannot be loaded (%s).%s Put what it needs on the class path, or take the jar away.";
    return new MethodRefusedException(why.formatted(what, error, isOurs ? SINCE : ""), error);
  }

  @Override
  public String name() {
    return guarded(method::name);
  }

  @Override
  public MethodCard card() {
    return guarded(method::card);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return guarded(method::parameters);
  }

  @Override
  public Arity arity() {
    return guarded(method::arity);
  }

  @Override
  public List<SideInput> sideInputs() {
    return guarded(method::sideInputs);
  }

  @Override
  public List<SideOutput> sideOutputs() {
    return guarded(method::sideOutputs);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return guarded(() -> method.problemWith(terms));
  }

  @Override
  public Optional<String> treatment(TensorTerms terms) {
    return guarded(() -> method.treatment(terms));
  }

  @Override
  public boolean keepsBytes(TensorTerms terms) {
    return guarded(() -> method.keepsBytes(terms));
  }

  @Override
  public Optional<Numbers> numbers(TensorTerms terms) {
    return guarded(() -> method.numbers(terms));
  }

  @Override
  public Optional<MatrixProgram> matrixProgram(TensorTerms terms) {
    return guarded(() -> method.matrixProgram(terms));
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    return guarded(() -> method.program(terms));
  }

  /** Its class and the jar that has it, for people. */
  @Override
  public String toString() {
    CodeSource source = method.getClass().getProtectionDomain().getCodeSource();
    String name = "merge method " + method.getClass().getName();
    return source == null || source.getLocation() == null
        ? name
        : "%s in %s".formatted(name, source.getLocation().getPath());
  }

  private <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (LinkageError e) {
      throw refusal(toString(), e);
    }
  }
}
