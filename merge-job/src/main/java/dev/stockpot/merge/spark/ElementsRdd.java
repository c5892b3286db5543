package dev.stockpot.merge.spark;

import dev.stockpot.merge.UserException;
import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
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
 * Elements, one a partition. They travel as a part of their task, as bytes of Java's own
 * serialization: what Spark makes of a list by itself is written as the session wishes, and Kryo
 * cannot make records.
 *
 * <p>Spark writes a task on the thread that hands out all of them, and a failure there can end that
 * thread for good: all jobs of the session would wait for ever. So an element that cannot be
 * written is told of, and travels as nothing.
 */
final class ElementsRdd<T> extends RDD<T> {
  private static final long serialVersionUID = 2;

  private final transient List<T> elements; // a task has its own only
  private final transient Consumer<UserException> unsendable;

  /**
   * @param unsendable hears of elements that cannot be written, on a thread of Spark's
   */
  ElementsRdd(SparkContext spark, List<T> elements, Consumer<UserException> unsendable) {
    super(spark, noDependencies(), ClassTag$.MODULE$.apply(Object.class));
    this.elements = elements;
    this.unsendable = unsendable;
  }

  private static Seq<Dependency<?>> noDependencies() {
    return CollectionConverters.asScala(List.<Dependency<?>>of()).toSeq();
  }

  /** A partition where it is made. */
  private record Element<T>(int index, T element, Consumer<UserException> unsendable)
      implements Partition {
    /** What is sent in its place. */
    private Object writeReplace() {
      try {
        return new Sent(index, new JavaBytes<T>().write(element));
      } catch (UserException e) {
        unsendable.accept(e);
        return new Sent(index, new byte[0]);
      }
    }
  }

  /** A partition where its task runs. */
  private static final class Sent implements Partition, Serializable {
    private static final long serialVersionUID = 1;

    private final int index;
    private final byte[] element;

    Sent(int index, byte[] element) {
      this.index = index;
      this.element = element;
    }

    @Override
    public int index() {
      return index;
    }
  }

  @Override
  public Partition[] getPartitions() {
    Partition[] partitions = new Partition[elements.size()];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = new Element<>(i, elements.get(i), unsendable);
    }
    return partitions;
  }

  @Override
  public Iterator<T> compute(Partition partition, TaskContext task) {
    T element = new JavaBytes<T>().read(((Sent) partition).element);
    return CollectionConverters.asScala(List.of(element).iterator());
  }
}
