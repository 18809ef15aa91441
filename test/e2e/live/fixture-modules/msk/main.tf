# No cluster: the other units only pass on the brokers' addresses, and name the cluster in policies and alarms.

variable "prefix" {
  type = string
}

output "bootstrap_brokers_sasl_iam" {
  value = "b-1.${var.prefix}.kafka.example.internal:9098,b-2.${var.prefix}.kafka.example.internal:9098"
}

output "cluster_name" {
  value = "${var.prefix}-kafka"
}

output "cluster_uuid" {
  value = "1d3f5a7b-9c2e-4b6d-8f0a-2c4e6a8b0d1f-5"
}
