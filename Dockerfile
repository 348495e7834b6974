# The sidecar's image: a trimmed Java runtime, the program and its start-up cache on an empty file system, without a shell.
# Builds with BuildKit and with the classic builder: docker build -t muster:0.1.0 .
ARG BUILD_IMAGE=eclipse-temurin:25-jdk
ARG BASE_IMAGE=debian:trixie-slim
ARG MONGO_IMAGE=mongo:8.2

# --- The program and its runtime.
FROM ${BUILD_IMAGE} AS build
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends maven binutils \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY .mvn .mvn
COPY pom.xml ./
COPY sidecar/pom.xml sidecar/
# Dependencies and plugins, in a layer that only the two pom.xml change: an empty program makes Maven fetch all of them.
RUN mkdir -p sidecar/src/main/java/dev/muster \
 && echo 'package dev.muster; interface Empty {}' > sidecar/src/main/java/dev/muster/Empty.java \
 && mvn -B -q -f sidecar/pom.xml -P '!format' -Dmaven.test.skip=true package \
 && rm -rf sidecar/src sidecar/target
COPY sidecar/src/main sidecar/src/main
RUN mvn -B -q -f sidecar/pom.xml -P '!format' -Dmaven.test.skip=true package

# The modules that the classes name. Two are named by code that never runs here: java.desktop (picocli's and Jackson's
# bean annotations) and java.security.jgss (the driver's Kerberos).
RUN modules=$(jdeps --ignore-missing-deps --multi-release 25 --print-module-deps \
      sidecar/target/muster.jar sidecar/target/lib/*.jar | tail -n 1 | tr , '\n' \
      | grep -vx -e java.desktop -e java.security.jgss | paste -sd ,) \
 && jlink --add-modules "$modules" --strip-java-debug-attributes --strip-native-commands --compress=zip-6 \
      --no-header-files --no-man-pages --output /runtime \
 && strip --strip-unneeded /runtime/lib/server/libjvm.so \
 && rm /runtime/lib/server/libjsig.so

# A native launcher, as there is no shell. It starts the JVM in its own process, so signals reach it. All files get one
# date: the start-up cache is valid only for jars of the same date, and a builder's cache may bring an older copy.
COPY sidecar/jvm.options sidecar/
RUN mkdir /input && cp -p sidecar/target/muster.jar /input/ && cp -rp sidecar/target/lib /input/lib \
 && grep -v -e '^#' -e '^$' sidecar/jvm.options | sed 's/^/--java-options\n/' > /jvm.arguments \
 && jpackage --type app-image --name muster --runtime-image /runtime --input /input --main-jar muster.jar \
      --dest /opt @/jvm.arguments \
 && rm /opt/muster/lib/muster.png \
 && strip --strip-unneeded /opt/muster/lib/libapplauncher.so \
 && find /opt/muster -exec touch -d 2026-11-01T00:00:00Z {} +

# --- What the training has in the place of an API server. Nothing of it gets into the image.
FROM ${BUILD_IMAGE} AS stand-in
COPY sidecar/src/training /src
RUN javac -Xlint:all -Werror -d /stand-in/classes /src/java/ApiServerStandIn.java \
 && jlink --add-modules jdk.httpserver --strip-debug --output /stand-in/runtime

# --- The start-up cache: a real sidecar forms a real set of one member as in a pod, and the JVM writes down what that
# took. A run against nothing would miss every class that an answer needs.
FROM ${MONGO_IMAGE} AS training
USER 0
# Names under .localhost resolve by themselves with libnss-myhostname: mongod has to find itself by its name. An API server
# speaks HTTP/2 by TLS, which are hundreds of classes: nghttpx does.
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      libnss-myhostname nghttp2-proxy openssl \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/muster /opt/muster
COPY --from=stand-in /stand-in /stand-in
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# What a pod has: the service account's files, and a certificate by an authority of its own (one that is trusted itself is
# not checked along a path).
RUN account=/var/run/secrets/kubernetes.io/serviceaccount && mkdir -p /train/db /train/start "$account" && cd /train \
 && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out "$account/ca.crt" \
 && openssl req -x509 -CA "$account/ca.crt" -CAkey ca.key -newkey rsa:2048 -nodes -days 2 -subj /CN=kube-apiserver \
      -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=IP:127.0.0.1 -keyout tls.key -out tls.crt \
 && printf token > "$account/token" && printf default > "$account/namespace" \
 && head -c 96 /dev/urandom | base64 -w 0 > keyfile && chmod 400 keyfile && echo root > username && echo secret > password \
 && { /stand-in/runtime/bin/java -cp /stand-in/classes ApiServerStandIn 8001 > api-server.log & } \
 && { nghttpx --frontend=127.0.0.1,6443 --backend=127.0.0.1,8001 --no-ocsp --workers=1 tls.key tls.crt & } \
 && { mongod --replSet rs0 --bind_ip_all --dbpath db --keyFile keyfile --logpath mongod.log & } \
 && mongod=$! \
 && { KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT=6443 \
      JAVA_TOOL_OPTIONS='-XX:AOTMode=record -XX:AOTConfiguration=/train/muster.aotconf' /opt/muster/bin/muster run \
      --pod-name=mongo-0 --service=mongo --namespace=default --cluster-domain=localhost --kubernetes=on \
      --keyfile=keyfile --start-dir=/train/start --data-dir=/train/db --root-user-file=username --root-password-file=password --socket=/train/muster.sock & } \
 && muster=$! \
 && formed= && for _ in $(seq 60); do sleep 1; if /opt/muster/bin/muster status; then formed=yes; break; fi; done \
 && test -n "$formed" \
 && for path in livez readyz status metrics prestop ''; do \
      exec 3<>/dev/tcp/127.0.0.1/8017; printf 'GET /%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$path" >&3; \
      cat <&3 > /dev/null; \
    done \
 && sleep 3 \
 && grep -q 'PUT .*"formed"' api-server.log && grep -q 'POST .*/endpointslices' api-server.log \
 && kill -TERM $muster && { wait $muster || true; } \
 && kill -TERM $mongod && { wait $mongod || true; } \
 && JAVA_TOOL_OPTIONS='-XX:AOTMode=create -XX:AOTConfiguration=/train/muster.aotconf -XX:AOTCache=/opt/muster/lib/app/muster.aot' \
      /opt/muster/bin/muster --version \
 && echo 'java-options=-XX:AOTCache=$APPDIR/muster.aot' >> /opt/muster/lib/app/muster.cfg \
 && /opt/muster/bin/muster --version | tee /dev/stderr | grep -q '^muster '

# --- The C library that the runtime needs.
FROM ${BASE_IMAGE} AS libraries
COPY --from=build /opt/muster /opt/muster
RUN mkdir -p /root-fs/etc /root-fs/tmp /root-fs/run/muster /root-fs/opt \
 && find /opt/muster -type f \( -name '*.so' -o -path '*/bin/*' \) -exec ldd {} \; \
      | sed -n 's/.*\(=> \|^\s*\)\(\/[^ ]*\) (0x.*/\2/p' | grep -v '^/opt/' | sort -u \
      | xargs -I {} cp --parents -L {} /root-fs \
 && printf 'root:x:0:0::/:/\nmuster:x:999:999::/:/\n' > /root-fs/etc/passwd \
 && printf 'root:x:0:\nmuster:x:999:\n' > /root-fs/etc/group \
 && printf 'hosts: files dns\n' > /root-fs/etc/nsswitch.conf \
 && chmod 1777 /root-fs/tmp /root-fs/run/muster

FROM scratch
COPY --from=libraries /root-fs /
# In the order of how rarely they change.
COPY --from=build /opt/muster/lib/runtime /opt/muster/lib/runtime
COPY --from=build /opt/muster/bin /opt/muster/bin
COPY --from=build /opt/muster/lib/libapplauncher.so /opt/muster/lib/
COPY --from=build /opt/muster/lib/app/lib /opt/muster/lib/app/lib
COPY --from=training /opt/muster/lib/app/muster.cfg /opt/muster/lib/app/muster.jar /opt/muster/lib/app/muster.aot /opt/muster/lib/app/
ENV PATH=/opt/muster/bin
USER 999:999
EXPOSE 8017
LABEL org.opencontainers.image.title="muster" \
      org.opencontainers.image.description="Runs a MongoDB replica set on Kubernetes without an operator" \
      org.opencontainers.image.licenses="Apache-2.0"
# Ends the build if this JVM cannot use its start-up cache: at run time it would only warn and start slowly.
ARG JAVA_TOOL_OPTIONS=-XX:AOTMode=on
RUN ["muster", "--version"]
ENTRYPOINT ["muster"]
CMD ["run"]
