# The image of a run: docker build -t resift . && docker run -v "$PWD:/work" resift run --config config/config.yaml
FROM python:3.11-slim
WORKDIR /opt/resift
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation .
WORKDIR /work
ENTRYPOINT ["resift"]
CMD ["--help"]
