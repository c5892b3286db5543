package dev.stockpot.kernels.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;

/**
 * Does what it is told line by line, for {@code benchmarks/matrices.sh} and {@code
 * checks/kernels/matrices.sh}: {@code operation file rows columns rank output}. The file holds a
 * matrix of float64, little-endian, row by row; what is made is written in the same way to {@code
 * output.0}, {@code output.1}, …, unless output is {@code -}. Answers the seconds that it took.
 */
final class MatrixProcess {
  private final Matrices matrices;

  private MatrixProcess(Matrices matrices) {
    this.matrices = matrices;
  }

  public static void main(String[] args) throws IOException {
    try (RootAllocator allocator = new RootAllocator();
        Matrices matrices =
            new Matrices(List.of(new VectorProvider(), new ScalarProvider()), allocator, 1)) {
      BufferedReader told = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      for (String line = told.readLine(); line != null; line = told.readLine()) {
        String[] words = line.split(" ", -1);
        try (Matrix a = read(matrices, words)) {
          System.out.println(new MatrixProcess(matrices).obey(words, a));
        }
      }
    }
  }

  private static Matrix read(Matrices matrices, String[] words) throws IOException {
    Matrix a = matrices.zeros(Integer.parseInt(words[2]), Integer.parseInt(words[3]));
    ByteBuffer bytes =
        ByteBuffer.allocate(a.columns() * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    double[] row = new double[a.columns()];
    try (FileChannel file = FileChannel.open(Path.of(words[1]))) {
      for (int i = 0; i < a.rows(); i++) {
        bytes.clear();
        while (bytes.hasRemaining() && file.read(bytes) >= 0) {}
        bytes.flip().asDoubleBuffer().get(row);
        a.write(i, 0, row, 0, row.length);
      }
    }
    return a;
  }

  private double obey(String[] words, Matrix a) throws IOException {
    int rank = Integer.parseInt(words[4]);
    long begin = System.nanoTime();
    List<Matrix> made = made(words[0], a, rank);
    double seconds = (System.nanoTime() - begin) / 1e9;
    for (int i = 0; i < made.size(); i++) {
      if (!words[5].equals("-")) {
        write(made.get(i), Path.of(words[5] + "." + i));
      }
      made.get(i).close();
    }
    return seconds;
  }

  private List<Matrix> made(String operation, Matrix a, int rank) {
    return switch (operation) {
      case "multiply" -> List.of(matrices.multiply(a, a));
      case "gram" -> List.of(matrices.gram(a));
      case "cholesky" -> List.of(matrices.cholesky(a, 0).lower());
      case "qr" -> {
        Qr qr = matrices.qr(a);
        yield List.of(qr.q(), qr.r());
      }
      case "svd" -> factors(matrices.svd(a));
      case "largest" -> factors(matrices.largest(a, rank, new RandomStream(1)));
      case "eigen" -> {
        Eigen eigen = matrices.eigen(a);
        yield List.of(row(eigen.values()), eigen.rows());
      }
      case "polar" -> List.of(matrices.polar(a));
      case "assignment" -> {
        int[] columns = matrices.assignment(a);
        double[] numbers = new double[columns.length];
        for (int i = 0; i < columns.length; i++) {
          numbers[i] = columns[i];
        }
        yield List.of(row(numbers));
      }
      default -> throw new IllegalArgumentException("no operation " + operation);
    };
  }

  private List<Matrix> factors(Svd svd) {
    return new ArrayList<>(List.of(svd.left(), row(svd.values()), svd.right()));
  }

  private Matrix row(double[] numbers) {
    Matrix row = matrices.zeros(1, numbers.length);
    row.write(0, 0, numbers, 0, numbers.length);
    return row;
  }

  private static void write(Matrix matrix, Path to) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(matrix.columns() * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    double[] row = new double[matrix.columns()];
    try (FileChannel file =
        FileChannel.open(
            to,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (int i = 0; i < matrix.rows(); i++) {
        matrix.read(i, 0, row, 0, row.length);
        bytes.clear();
        bytes.asDoubleBuffer().put(row);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      }
    }
  }
}
