package dev.stockpot.merge.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** A JVM has one Spark at most, whoever wants one. */
class OwnSparkTest {
  @Test
  void stopsWithTheLastThatWantsIt() {
    OwnSpark.Lease first = OwnSpark.lease(1);
    OwnSpark.Lease second = OwnSpark.lease(2);
    assertThat(second.spark()).isSameAs(first.spark());

    first.close();
    first.close();
    assertThat(second.spark().sc().isStopped()).isFalse();

    second.close();
    assertThat(second.spark().sc().isStopped()).isTrue();
  }

  @Test
  void joinsOneThatOthersStartedAndLeavesItRunning() {
    SparkConf conf = MergeConf.of(1);
    try (JavaSparkContext others = new JavaSparkContext(conf)) {
      OwnSpark.Lease lease = OwnSpark.lease(2);
      assertThat(lease.spark().sc()).isSameAs(others.sc());

      lease.close();
      assertThat(others.sc().isStopped()).isFalse();
    }
  }
}
