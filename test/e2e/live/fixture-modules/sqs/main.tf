terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "prefix" {
  type = string
}

resource "aws_sqs_queue" "core" {
  name = "${var.prefix}-core"
}

output "queue_url" {
  value = aws_sqs_queue.core.url
}

output "queue_arn" {
  value = aws_sqs_queue.core.arn
}
