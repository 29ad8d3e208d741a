using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Proxy.Contents;
using AptP2P.Host.Proxy.Doubts;
using AptP2P.Host.Proxy.Indexes;
using AptP2P.Host.Proxy.ReadAhead;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy;

/// <summary>
/// Serves what has a known hash: from the store once no doubt is left that this is the file, else from the one fetch of that hash.
/// </summary>
internal sealed class ContentLane(
    ArchiveCatalog catalog, Identification identification, ContentOpener opener, ContentSender sender, StoredDoubt storedDoubt,
    NameDoubt nameDoubt, IndexLearner indexes, FailedFetch failed)
{
    /// <returns>Whether an answer was begun. If not, the origin may still know better than its index.</returns>
    public async Task<bool> ServeAsync(HttpContext context, Origin origin, string rawTarget, ComingRequest? turn)
    {
        AskForTheWhole(context.Request.Headers, origin);
        if ((turn is null ? null : await turn.TakeAsync(rawTarget, context.RequestAborted)) is not { } ahead)
        {
            return await OpenAndSendAsync(context, origin);
        }

        await using (ahead)
        {
            var selection = sender.Select(context.Request, ahead.Hash, ahead.Length);
            return await SendNothingAsync(context, ahead.Hash, ahead.Length, selection)
                || await SendAsync(context, origin, ahead, selection);
        }
    }

    private async Task<bool> OpenAndSendAsync(HttpContext context, Origin origin)
    {
        if (await identification.IdentifyAsync(origin, context.RequestAborted) is not { } content)
        {
            return false;
        }

        var selection = sender.Select(context.Request, content.Hash, content.Length);
        if (await SendNothingAsync(context, content.Hash, content.Length, selection))
        {
            return true;
        }

        // A client that has the file and asks whether it has changed does not want it fetched for that: the origin can answer without
        // sending it.
        var mayFetch = HttpMethods.IsGet(context.Request.Method) && !Selection.IsForChange(context.Request.Headers);
        await using var opened = await opener.OpenAsync(content, mayFetch, context.RequestAborted);
        return opened is not null && await SendAsync(context, origin, opened, selection);
    }

    private async ValueTask<bool> SendNothingAsync(HttpContext context, ContentHash hash, long length, Selection selection)
    {
        if (!selection.HasPart)
        {
            await sender.SendNothingAsync(context, hash, length, selection);
        }

        return !selection.HasPart;
    }

    private async Task<bool> SendAsync(HttpContext context, Origin origin, OpenedContent opened, Selection selection)
    {
        if (opened.Stored is { } stored)
        {
            if (!await storedDoubt.IsGoodAsync(context, origin, stored.Hash)
                || await nameDoubt.IsOutdatedAsync(context, origin, stored.Hash))
            {
                return await OpenAndSendAsync(context, origin); // it is gone and fetched again, or the archive has another by now
            }

            indexes.SendingStored(origin, stored.Hash);
            await SendStoredAsync(context, stored, selection);
            return true;
        }

        var reader = opened.Reader!;
        reader.Limit(selection.Part);
        if (await reader.WaitAsync(context.RequestAborted) is { } failure && !FailedFetch.HasBegun(failure))
        {
            var isAnswered = await failed.TryAnswerAsync(context, origin, failure);
            if (!isAnswered)
            {
                nameDoubt.Contradicts(origin);
            }

            return isAnswered;
        }

        indexes.SendingFetched(origin, reader);
        storedDoubt.Answering(context, reader.Content.Hash, selection.Status, isNew: true);
        await sender.SendFetchedAsync(context, reader, selection);
        return true;
    }

    private async Task SendStoredAsync(HttpContext context, IStoredContent stored, Selection selection)
    {
        var isSent = false;
        storedDoubt.Answering(context, stored.Hash, selection.Status);
        try
        {
            isSent = await sender.SendStoredAsync(context, stored, selection);
        }
        finally
        {
            storedDoubt.Answered(context, stored.Hash, isSent);
        }
    }

    /// <summary>
    /// A file that changes in place is always answered whole: the head of an old one and the tail of a new one make a file that never was.
    /// </summary>
    private void AskForTheWhole(IHeaderDictionary headers, Origin origin)
    {
        if ((headers.Range.Count > 0 || headers.IfModifiedSince.Count > 0) && catalog.IsPlainIndex(origin))
        {
            headers.Remove(HeaderNames.Range);
            if (!(new RequestHeaders(headers).IfModifiedSince is { } since && catalog.HasPassed(origin, since)))
            {
                headers.Remove(HeaderNames.IfModifiedSince); // what is stored is what its Release names, whenever it came
            }
        }
    }
}
