package dev.stockpot.kernels.rapids.cudf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.device.DeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of the plugin's classes, of which these have the methods that we call. */
class RapidsPluginTest {
  private static final List<String> CALLS = new ArrayList<>();
  private static final String SEMAPHORE = "com.nvidia.spark.rapids.GpuSemaphore$";

  /** Stands for the plugin's Scala object of that name. */
  public static final class GpuSemaphore {
    public static final GpuSemaphore MODULE$ = new GpuSemaphore();

    private GpuSemaphore() {}

    public void acquireIfNecessary(Object context) {
      CALLS.add("acquire " + context);
    }

    public void releaseIfNecessary(Object context) {
      CALLS.add("release " + context);
    }
  }

  /** Stands for the plugin's class of that name. */
  public static final class ShimReflectionUtils {
    private ShimReflectionUtils() {}

    public static Class<?> loadClass(String name) {
      CALLS.add("load " + name);
      return GpuSemaphore.class;
    }
  }

  /** Stands for the plugin's class of that name. */
  public static final class RmmSpark {
    private RmmSpark() {}

    public static void blockThreadUntilReady() {
      CALLS.add("wait");
    }
  }

  /** A later version of the plugin, in which the methods have other names. */
  public static final class OtherSemaphore {
    public static final OtherSemaphore MODULE$ = new OtherSemaphore();

    private OtherSemaphore() {}
  }

  @BeforeEach
  void forgetCalls() {
    CALLS.clear();
  }

  private static RapidsPlugin plugin(Map<String, Class<?>> classes) {
    return new RapidsPlugin(name -> Optional.ofNullable(classes.get(name)));
  }

  @Test
  void holdsTheSemaphoreOfItsTask() {
    RapidsPlugin plugin = plugin(Map.of(SEMAPHORE, GpuSemaphore.class));

    plugin.acquire("task 7");
    plugin.release("task 7");

    assertThat(CALLS).containsExactly("acquire task 7", "release task 7");
  }

  @Test
  void findsTheSemaphoreBehindThePluginsOwnLoader() {
    RapidsPlugin plugin =
        plugin(Map.of("com.nvidia.spark.rapids.ShimReflectionUtils", ShimReflectionUtils.class));

    plugin.acquire("task 7");

    assertThat(CALLS).containsExactly("load " + SEMAPHORE, "acquire task 7");
  }

  @Test
  void waitsForMemoryWhereThePluginGrantsIt() {
    RapidsPlugin plugin = plugin(Map.of("com.nvidia.spark.rapids.jni.RmmSpark", RmmSpark.class));

    assertThat(plugin.awaitMemory()).isTrue();
    assertThat(CALLS).containsExactly("wait");
  }

  @Test
  void withoutThePluginThereIsNothingToWaitFor() {
    RapidsPlugin none = plugin(Map.of());

    none.acquire("task 7");
    none.release("task 7");

    assertThat(none.awaitMemory()).isFalse();
  }

  @Test
  void aPluginOfAnotherVersionIsADeviceThatFailed() {
    RapidsPlugin plugin = plugin(Map.of(SEMAPHORE, OtherSemaphore.class));

    assertThatThrownBy(() -> plugin.acquire("task 7"))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("has no OtherSemaphore.acquireIfNecessary with 1 parameters");
    assertThatThrownBy(() -> plugin(Map.of(SEMAPHORE, RmmSpark.class)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("is not what it is in the plugin's versions");
  }

  @Test
  void otherExceptionsAskForNothing() {
    assertThat(RapidsPlugin.wantsRetry(new IllegalStateException())).isFalse();
    assertThat(RapidsPlugin.wantsSplit(new IllegalStateException())).isFalse();
  }
}
