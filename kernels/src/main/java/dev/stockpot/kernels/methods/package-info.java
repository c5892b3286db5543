/** Every merge method there is; each family has a package of its own. */
package dev.stockpot.kernels.methods;
