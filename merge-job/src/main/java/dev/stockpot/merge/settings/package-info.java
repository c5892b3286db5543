/** Settings of the job and recipes in HOCON: the only package that imports the config library. */
package dev.stockpot.merge.settings;
