"""Whether this machine can do the job, and where the server differs from what resift assumes of it."""
