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

locals {
  # Which service may take on each role.
  services = {
    scm-batch-processor-batch-role          = "batch.amazonaws.com"
    scm-batch-processor-batch-instance-role = "ec2.amazonaws.com"
    scm-batch-processor-batch-job-role      = "ecs-tasks.amazonaws.com"
  }
}

resource "aws_iam_role" "this" {
  for_each = local.services

  name = "${var.prefix}-${each.key}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = each.value }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_instance_profile" "batch" {
  name = aws_iam_role.this["scm-batch-processor-batch-instance-role"].name
  role = aws_iam_role.this["scm-batch-processor-batch-instance-role"].name
}

output "role_arn" {
  # A compute environment is given the instance profile, not the role inside it.
  value = merge({ for name, role in aws_iam_role.this : name => role.arn }, {
    scm-batch-processor-batch-instance-role = aws_iam_instance_profile.batch.arn
  })
}
