package dev.stockpot.merge.spark;

import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Results of tasks, of one type, as bytes. They are records, which Java's own serialization can
 * make again and Kryo, the serializer of many sessions, cannot; bytes pass through any of them.
 */
final class JavaBytes<R> {
  private static final ClassTag<Object> ANYTHING = ClassTag$.MODULE$.apply(Object.class);

  private final SerializerInstance java = new JavaSerializer(new SparkConf(false)).newInstance();

  byte[] write(R result) {
    ByteBuffer written = java.serialize(result, ANYTHING);
    byte[] bytes = new byte[written.remaining()];
    written.get(bytes);
    return bytes;
  }

  /** What was written. Classes of methods in a user's jar are those of the calling thread. */
  @SuppressWarnings("unchecked") // who reads is who wrote
  R read(byte[] bytes) {
    return (R) java.deserialize(ByteBuffer.wrap(bytes), ANYTHING);
  }
}
