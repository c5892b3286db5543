package dev.stockpot.merge.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ctrl-C and its like. The first one interrupts the thread that works, which cleans up as after any
 * failure; Spark, whose own way to end is loud, hears nothing of it. The second one ends the JVM.
 */
final class StopSignals {
  /** Those that ask a process to end, with what people call them. */
  private static final Map<String, String> NAMES =
      Map.of("INT", "by Ctrl-C", "TERM", "by a signal (TERM)", "HUP", "by a signal (HUP)");

  /** What a shell adds to the number of a signal. */
  private static final int OF_SIGNAL = 128;

  private static final AtomicReference<StopSignals> HEARING = new AtomicReference<>();

  private final Thread working;
  private final PrintWriter err;
  private final AtomicReference<Received> first = new AtomicReference<>();

  private record Received(String name, int number) {}

  private StopSignals(Thread working, PrintWriter err) {
    this.working = working;
    this.err = err;
  }

  /** Hears no signal: for commands that run inside of something else. */
  static StopSignals none() {
    return new StopSignals(Thread.currentThread(), new PrintWriter(Writer.nullWriter()));
  }

  /** Hears the signals of this JVM from now on, for the calling thread. */
  static StopSignals heard(PrintWriter err) {
    StopSignals signals = new StopSignals(Thread.currentThread(), err);
    HEARING.set(signals);
    NAMES.keySet().forEach(signals::handle);
    return signals;
  }

  /**
   * By reflection, for these classes are no part of the language's platform; where they are not
   * there, or somebody else has the signal, Java ends as usual.
   */
  private void handle(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  int number = (Integer) signal.getMethod("getNumber").invoke(arguments[0]);
                  received(new Received(name, number));
                  return null;
                }
                return ofEveryObject(proxy, method.getName(), arguments);
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (ReflectiveOperationException e) {
      return; // as it was
    }
  }

  private static Object ofEveryObject(Object proxy, String method, Object[] arguments) {
    return switch (method) {
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == arguments[0];
      default -> StopSignals.class.getSimpleName();
    };
  }

  private void received(Received signal) {
    if (first.compareAndSet(null, signal)) {
      working.interrupt();
    } else {
      err.println(
          "Stopped at once. What is left of a merge goes with: stockpot discard, or goes on with --resume");
      Runtime.getRuntime().halt(OF_SIGNAL + signal.number());
    }
  }

  /**
   * Takes the signals back from whoever took them: the library that draws a bar asks for them when
   * it opens the terminal, and has them kill the process on the spot.
   */
  static void hearAgain() {
    StopSignals signals = HEARING.get();
    if (signals != null) {
      NAMES.keySet().forEach(signals::handle);
    }
  }

  /**
   * Interrupts the calling thread again, if a signal came: libraries on the way, such as the one
   * that asks how wide the terminal is, take an interrupt for their own and forget it.
   */
  static void remind() {
    StopSignals signals = HEARING.get();
    if (signals != null && signals.first.get() != null) {
      Thread.currentThread().interrupt();
    }
  }

  /** How this was stopped, if it was: {@code Stopped by Ctrl-C}. */
  Optional<String> sentence() {
    return Optional.ofNullable(first.get()).map(signal -> "Stopped " + NAMES.get(signal.name()));
  }

  /** The exit code that tells of the signal, if there was one and the work did not get done. */
  int exitCode(int code) {
    Received signal = first.get();
    return signal == null || code == 0 ? code : OF_SIGNAL + signal.number();
  }
}
