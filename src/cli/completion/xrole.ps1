# Completion of xrole for PowerShell: (xrole completion powershell) -join "`n" | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName xrole -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
  $current = $wordToComplete.TrimStart("'", '"')
  $encoding = [Console]::OutputEncoding
  try {
    [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding
    # The dot keeps an empty word, which older versions would drop.
    $lines = @(& xrole __complete powershell '--' @before "$current." 2>$null)
  } finally { [Console]::OutputEncoding = $encoding }
  if ($lines[0] -ne ':words') { return }
  $lines | Select-Object -Skip 1 | ForEach-Object {
    $value, $text = $_ -split "`t", 2
    if (-not $value.StartsWith($current)) { return }
    $quoted = if ($value -match '^[\w./:=+-]+$') { $value }
      else { "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($value) + "'" }
    if (-not $text) { $text = $value }
    [System.Management.Automation.CompletionResult]::new($quoted, $value, 'ParameterValue', $text)
  }
}
