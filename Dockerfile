# The image of a run, on files of your own as yourself:
# docker build -t resift . && docker run -u "$(id -u):$(id -g)" -v "$PWD:/work" resift run --config config/config.yaml
FROM python:3.11-slim
WORKDIR /opt/resift
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --create-home --uid 1000 resift \
    && mkdir -p /work \
    && chown resift /work
# Any user may run it: what is written beside the mounted folder goes to /tmp.
ENV HOME=/tmp PYTHONUNBUFFERED=1
USER resift
WORKDIR /work
ENTRYPOINT ["resift"]
CMD ["--help"]
