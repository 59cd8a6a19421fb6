/**
 * Logs a run to an MLflow tracking server. {@link io.github.tralign.mlflow.MlflowRun} is the
 * listener; {@code MlflowApi} sends requests of MLflow's REST API 2.0.
 */
@NullMarked
package io.github.tralign.mlflow;

import org.jspecify.annotations.NullMarked;
