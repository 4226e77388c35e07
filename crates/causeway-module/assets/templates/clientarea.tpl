{if $causeway.notice}
    <div class="alert alert-{if $causeway.notice eq 'suspended'}warning{else}info{/if}" role="status">{$causeway.texts[$causeway.notice]|escape:'html'}</div>
{/if}
{foreach from=$causeway.items item=item}
    <div class="row">
        <div class="col-sm-5 text-left"><strong>{$item.label|escape:'html'}</strong></div>
        <div class="col-sm-7 text-left">
            <span style="overflow-wrap: anywhere">{$item.value|escape:'html'}</span>
            {if $item.copy}
                <button type="button" class="btn btn-default btn-outline-secondary btn-xs btn-sm" data-causeway-copy="{$item.value|escape:'html'}" data-causeway-copied="{$causeway.texts.copied|escape:'html'}">{$causeway.texts.copy|escape:'html'}</button>
            {/if}
        </div>
    </div>
{/foreach}
{if $causeway.dashboard || $causeway.sign_on}
    <p style="margin-top: 1em">
        {if $causeway.sign_on}
            <a class="btn btn-primary" href="{$causeway.sign_on|escape:'html'}" target="_blank" rel="noopener">{$causeway.texts.sign_on|escape:'html'}</a>
        {/if}
        {if $causeway.dashboard}
            <a class="btn btn-default btn-outline-primary" href="{$causeway.dashboard|escape:'html'}" target="_blank" rel="noopener">{$causeway.texts.dashboard|escape:'html'}</a>
        {/if}
    </p>
{/if}
{literal}
<script>
(function () {
    function select(text) {
        var area = document.createElement('textarea');
        area.value = text;
        area.style.position = 'fixed';
        area.style.opacity = '0';
        document.body.appendChild(area);
        area.select();
        document.execCommand('copy');
        document.body.removeChild(area);
    }
    Array.prototype.forEach.call(document.querySelectorAll('[data-causeway-copy]'), function (button) {
        var label = button.textContent;
        button.onclick = function () {
            var text = button.getAttribute('data-causeway-copy');
            if (navigator.clipboard && window.isSecureContext) {
                navigator.clipboard.writeText(text).catch(function () { select(text); });
            } else {
                select(text);
            }
            button.textContent = button.getAttribute('data-causeway-copied');
            setTimeout(function () { button.textContent = label; }, 2000);
        };
    });
})();
</script>
{/literal}
