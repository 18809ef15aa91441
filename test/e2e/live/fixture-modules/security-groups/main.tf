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

variable "vpc_id" {
  type = string
}

resource "aws_security_group" "batch" {
  name        = "${var.prefix}-scm-batch-processor-batch"
  description = "Instances of the batch compute environments: everything out, nothing in"
  vpc_id      = var.vpc_id

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

output "security_group_ids" {
  value = {
    scm-batch-processor-batch = aws_security_group.batch.id
  }
}
