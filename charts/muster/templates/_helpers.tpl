{{/* The name of everything. 52: a StatefulSet's pods carry it in a label with 11 characters behind it. */}}
{{- define "muster.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if or (not .Values.nameOverride) (contains .Values.nameOverride .Release.Name) -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Values.nameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What neither the schema can say, nor the API server says in time. */}}
{{- define "muster.validate" -}}
{{- $name := include "muster.fullname" . -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) -}}
{{- fail (printf "the name %q, which comes from the release's name, cannot be the name of a Service: it has to begin with a letter, and may contain only lower-case letters, digits and hyphens. Choose another name for the release, or set fullnameOverride." $name) -}}
{{- end -}}
{{- if and (eq .Values.podManagementPolicy "OrderedReady") (not .Values.kubernetes.enabled) -}}
{{- /* By DNS alone the second pod cannot know that the third is not there yet: it would wait for it forever, and never be ready. */ -}}
{{- fail "podManagementPolicy: OrderedReady needs kubernetes.enabled: true" -}}
{{- end -}}
{{- if not (kindIs "invalid" .Values.seedOrdinal) -}}
{{- $first := int .Values.ordinals.start -}}
{{- $last := sub (add $first (int .Values.replicas)) 1 | int -}}
{{- if or (lt (int .Values.seedOrdinal) $first) (gt (int .Values.seedOrdinal) $last) -}}
{{- fail (printf "seedOrdinal: %d is the ordinal of no member: they are %d to %d" (int .Values.seedOrdinal) $first $last) -}}
{{- end -}}
{{- end -}}
{{- range $label, $value := .Values.podLabels -}}
{{- if hasKey (include "muster.selectorLabels" $ | fromYaml) $label -}}
{{- fail (printf "podLabels: %q is a label that the chart sets itself" $label) -}}
{{- end -}}
{{- end -}}
{{- range .Values.mongod.extraArgs -}}
{{- if not (regexMatch "^--[^\\s=]+(=.*)?$" .) -}}
{{- fail (printf "mongod.extraArgs: %q is not one argument: write it as --option or --option=value, such as --oplogSize=2048" .) -}}
{{- end -}}
{{- if regexMatch "^--(config|replSet|bind_ip|bind_ip_all|ipv6|port|dbpath|keyFile)(=|$)" . -}}
{{- fail (printf "mongod.extraArgs: %q is an option that the chart sets itself" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* podAnnotations win: each key is there once. */}}
{{- define "muster.podAnnotations" -}}
{{- $ours := dict "kubectl.kubernetes.io/default-container" "mongod" -}}
{{- if .Values.metrics.annotations -}}
{{- $ours = merge $ours (dict "prometheus.io/scrape" "true" "prometheus.io/port" "8017" "prometheus.io/path" "/metrics") -}}
{{- end -}}
{{- toYaml (merge (deepCopy .Values.podAnnotations) $ours) -}}
{{- end -}}

{{- define "muster.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Not on pods and claims: those would restart, or could not change, with each version. */}}
{{- define "muster.labels" -}}
{{ include "muster.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "muster.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "muster.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "muster.keyfileSecret" -}}
{{- .Values.auth.existingKeyfileSecret | default (printf "%s-keyfile" (include "muster.fullname" .)) -}}
{{- end -}}

{{- define "muster.rootSecret" -}}
{{- .Values.auth.existingRootSecret | default (printf "%s-root" (include "muster.fullname" .)) -}}
{{- end -}}

{{/* Of a dictionary with `image` and `tag`, the tag where none is given. */}}
{{- define "muster.image" -}}
{{- if .image.digest -}}
{{- printf "%s@%s" .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" .image.repository (.image.tag | default .tag) -}}
{{- end -}}
{{- end -}}

{{- define "muster.sidecarImage" -}}
image: {{ include "muster.image" (dict "image" .Values.muster.image "tag" .Chart.AppVersion) }}
imagePullPolicy: {{ .Values.muster.image.pullPolicy }}
{{- end -}}

{{- define "muster.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: {{ .Values.podSecurity.runAsUser }}
runAsGroup: {{ .Values.podSecurity.runAsGroup }}
fsGroup: {{ .Values.podSecurity.fsGroup }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "muster.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
