package dev.stockpot.kernels.methods.federated;

import java.io.Serializable;

/** How a server steps from its model towards the mean of its clients; and what it remembers. */
enum ServerRule {
  /** To the mean itself. */
  AVERAGE(0),
  /** By momentum. */
  MOMENTUM(1),
  /** Each element by its summed squares. */
  ADAGRAD(2),
  /** By means of the step and of its square. */
  ADAM(2),
  /** As Adam, with squares that fall slower than they rise. */
  YOGI(2);

  private final int states;

  ServerRule(int states) {
    this.states = states;
  }

  /** How many numbers of each element are kept for the next round. */
  int states() {
    return states;
  }

  /**
   * The numbers of a step.
   *
   * @param eta the length of a step, corrected for means that began at zero where that is wanted
   * @param beta1 how much is kept of the mean of steps
   * @param beta2 how much is kept of the mean of their squares
   * @param tau what is added to the root of that
   * @param isFirst whether nothing is remembered
   */
  record Numbers(double eta, double beta1, double beta2, double tau, boolean isFirst)
      implements Serializable {
    static final Numbers NONE = new Numbers(1, 0, 0, 0, true);
  }

  /**
   * Steps one element.
   *
   * @param now the server's
   * @param mean the clients'
   * @param state m and v, which become those of this round
   * @return the server's next
   */
  double step(double now, double mean, double[] state, Numbers numbers) {
    if (this == AVERAGE) {
      return mean;
    }
    double change = mean - now;
    if (this == MOMENTUM) { // of the way from the mean, as gradients go
      state[0] = numbers.isFirst() ? -change : numbers.beta1() * state[0] - change;
      return numbers.beta1() == 0 && numbers.eta() == 1 ? mean : now - numbers.eta() * state[0];
    }
    double square = change * change;
    if (this == ADAGRAD) {
      state[0] = change;
      state[1] += square;
    } else {
      state[0] = numbers.beta1() * state[0] + (1 - numbers.beta1()) * change;
      state[1] =
          this == ADAM
              ? numbers.beta2() * state[1] + (1 - numbers.beta2()) * square
              : state[1] - (1 - numbers.beta2()) * square * Math.signum(state[1] - square);
    }
    return now + numbers.eta() * state[0] / (Math.sqrt(state[1]) + numbers.tau());
  }
}
