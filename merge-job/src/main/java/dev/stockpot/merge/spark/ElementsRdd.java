package dev.stockpot.merge.spark;

import java.util.List;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * Elements, one a partition. They travel as a part of their task, which Spark always writes with
 * Java's own serialization: what it makes of a list by itself is written as the session wishes, and
 * Kryo cannot make records.
 */
final class ElementsRdd<T> extends RDD<T> {
  private static final long serialVersionUID = 1;

  private final transient List<T> elements; // a task has its own only

  ElementsRdd(SparkContext spark, List<T> elements) {
    super(spark, noDependencies(), ClassTag$.MODULE$.apply(Object.class));
    this.elements = elements;
  }

  private static Seq<Dependency<?>> noDependencies() {
    return CollectionConverters.asScala(List.<Dependency<?>>of()).toSeq();
  }

  /** A partition. */
  private record Element<T>(int index, T element) implements Partition {}

  @Override
  public Partition[] getPartitions() {
    Partition[] partitions = new Partition[elements.size()];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = new Element<>(i, elements.get(i));
    }
    return partitions;
  }

  @Override
  @SuppressWarnings("unchecked") // partitions are those above
  public Iterator<T> compute(Partition partition, TaskContext task) {
    return CollectionConverters.asScala(List.of(((Element<T>) partition).element()).iterator());
  }
}
