# No cluster: the batch module only passes the brokers' addresses on to the containers.

variable "prefix" {
  type = string
}

output "bootstrap_brokers_sasl_iam" {
  value = "b-1.${var.prefix}.kafka.example.internal:9098,b-2.${var.prefix}.kafka.example.internal:9098"
}
