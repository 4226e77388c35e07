<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{$displayTitle|escape} - {$companyname|escape}</title>
{literal}
<style>
body { font: 16px/1.5 sans-serif; color: #222; max-width: 44em; margin: 2em auto; padding: 0 1em; }
h3, h4 { margin: 0; }
.product-details, .module-client-area { border: 1px solid #ccc; border-radius: 6px; padding: 1em; margin: 1em 0; }
dl, .row { display: grid; grid-template-columns: 14em 1fr; margin: .3em 0; }
dd { margin: 0; }
.status { background: #eee; border-radius: 4px; padding: .1em .6em; }
.status-active { background: #cfe8cf; }
.status-suspended { background: #f6e3b5; }
.alert { background: #eef3fa; border-radius: 4px; padding: .5em 1em; margin-bottom: 1em; }
</style>
{/literal}
{$headoutput}
</head>
<body>
<h1>{$displayTitle|escape}</h1>
<div id="tabOverview">
{if $tabOverviewReplacement ne ''}
{$tabOverviewReplacement}
{else}
<div class="product-details">
<h3>{$product|escape}</h3>
<h4>{$groupname|escape}</h4>
<span class="status status-{$rawstatus}">{$status}</span>
<dl>
{if $domain}<dt>{$LANG.orderdomain}</dt><dd>{$domain|escape}</dd>{/if}
<dt>{$LANG.clientareahostingregdate}</dt><dd>{$regdate}</dd>
<dt>{$LANG.recurringamount}</dt><dd>{$recurringamount}</dd>
<dt>{$LANG.orderbillingcycle}</dt><dd>{$billingcycle}</dd>
<dt>{$LANG.clientareahostingnextduedate}</dt><dd>{$nextduedate}</dd>
{if $suspendreason}<dt>{$LANG.suspendreason}</dt><dd>{$suspendreason|escape}</dd>{/if}
{foreach $configurableoptions as $option}
<dt>{$option.optionname|escape}</dt><dd>{$option.selectedoption|escape}</dd>
{/foreach}
{foreach $productcustomfields as $field}
<dt>{$field.name|escape}</dt><dd>{$field.value|escape}</dd>
{/foreach}
</dl>
</div>
<div class="module-client-area">{$moduleclientarea}</div>
{/if}
</div>
{if $modulecustombuttonresult}<div class="alert">{$modulecustombuttonresult|escape}</div>{/if}
<div class="sidebar">
{foreach [$primarySidebar, $secondarySidebar] as $sidebar}
{foreach $sidebar->getChildren() as $panel}
<h5>{$panel->getLabel()|escape}</h5>{$panel->getBodyHtml()}
<ul>{foreach $panel->getChildren() as $child}<li><a href="{$child->getUri()|escape}">{$child->getLabel()|escape}</a></li>{/foreach}</ul>{$panel->getFooterHtml()}
{/foreach}
{/foreach}
</div>
<ul class="module-buttons">
{foreach $modulecustombuttons as $label => $function}
<li><a href="clientarea.php?action=productdetails&amp;id={$id}&amp;modop=custom&amp;a={$function|escape}">{$label|escape}</a></li>
{/foreach}
{if $singlesignonlabel}<li><a href="clientarea.php?action=productdetails&amp;id={$id}&amp;dosinglesignon=1">{$singlesignonlabel|escape}</a></li>{/if}
</ul>
{$hookoutput}
{$footeroutput}
</body>
</html>
