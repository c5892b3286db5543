package dev.stockpot.kernels.rapids.cudf;

import dev.stockpot.kernels.device.DeviceException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The manners of a guest where Spark's RAPIDS plugin owns the GPU: hold its semaphore while on the
 * GPU, and when it asks for memory, return all, wait, and try again or with less. The plugin's
 * classes are found by name, as they are on the class path of such clusters only.
 */
final class RapidsPlugin {
  private static final String VERSIONS = "versions that docs/gpu.md names";
  private static final String JNI = "com.nvidia.spark.rapids.jni.";
  private static final String RMM = JNI + "RmmSpark";

  /** Of the device's memory, and of the host's, of which the plugin keeps count as well. */
  private static final Set<String> RETRY = Set.of(JNI + "GpuRetryOOM", JNI + "CpuRetryOOM");

  private static final Set<String> SPLIT =
      Set.of(JNI + "GpuSplitAndRetryOOM", JNI + "CpuSplitAndRetryOOM");

  /** A Scala object, whose class has one instance. */
  private static final String SEMAPHORE = "com.nvidia.spark.rapids.GpuSemaphore$";

  private static final String SHIMS = "com.nvidia.spark.rapids.ShimReflectionUtils";

  private final Optional<Object> semaphore;
  private final Optional<Class<?>> rmm;

  /**
   * @param classes finds a class by its name
   */
  RapidsPlugin(Function<String, Optional<Class<?>>> classes) {
    rmm = classes.apply(RMM);
    semaphore =
        classes
            .apply(SEMAPHORE)
            .or(() -> classes.apply(SHIMS).map(shims -> loadedBy(shims, SEMAPHORE)))
            .map(RapidsPlugin::instance);
  }

  /** The class of that name, for a task's thread. */
  static Optional<Class<?>> find(String name) {
    try {
      return Optional.of(Class.forName(name, true, Thread.currentThread().getContextClassLoader()));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }

  /** The plugin hides most of its classes behind a loader of its own. */
  private static Class<?> loadedBy(Class<?> shims, String name) {
    return (Class<?>) call(null, method(shims, "loadClass", 1), name);
  }

  private static Object instance(Class<?> scalaObject) {
    try {
      return scalaObject.getField("MODULE$").get(null);
    } catch (ReflectiveOperationException e) {
      throw new DeviceException(scalaObject + " is not what it is in the plugin's " + VERSIONS, e);
    }
  }

  /** Whether that asks to return memory and to try again. */
  static boolean wantsRetry(Throwable failure) {
    return isOne(failure, RETRY);
  }

  /** Whether that asks to return memory and to try with less. */
  static boolean wantsSplit(Throwable failure) {
    return isOne(failure, SPLIT);
  }

  private static boolean isOne(Throwable failure, Set<String> names) {
    for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
      if (names.contains(type.getName())) {
        return true;
      }
    }
    return false;
  }

  /** Waits until the task may be on the GPU. A task may ask twice. */
  void acquire(Object taskContext) {
    onSemaphore("acquireIfNecessary", taskContext);
  }

  /** Lets others onto the GPU. */
  void release(Object taskContext) {
    onSemaphore("releaseIfNecessary", taskContext);
  }

  private void onSemaphore(String method, Object taskContext) {
    semaphore.ifPresent(found -> call(found, method(found.getClass(), method, 1), taskContext));
  }

  /**
   * Waits until there may be memory again; nothing on the GPU must be held meanwhile.
   *
   * @return whether as much as before may be tried, rather than less
   */
  boolean awaitMemory() {
    if (rmm.isEmpty()) {
      return false;
    }
    try {
      call(null, method(rmm.get(), "blockThreadUntilReady", 0));
      return true;
    } catch (RuntimeException e) {
      if (wantsSplit(e)) {
        return false;
      }
      throw e;
    }
  }

  private static Method method(Class<?> type, String name, int parameters) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> method.getParameterCount() == parameters)
        .findFirst()
        .orElseThrow(
            () ->
                new DeviceException(
                    "Spark's RAPIDS plugin has no %s.%s with %s parameters; use one of its %s"
                        .formatted(type.getSimpleName(), name, parameters, VERSIONS),
                    null));
  }

  private static Object call(Object target, Method method, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new DeviceException(method + " failed", e.getCause());
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new DeviceException(method + " cannot be called", e);
    }
  }
}
