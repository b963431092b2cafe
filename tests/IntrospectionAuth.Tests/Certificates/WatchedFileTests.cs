using System.Text;
using IntrospectionAuth.Certificates;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>
/// A file is read when its value is used, at most every 5 seconds. A disk that hangs does not stall calls that have a usable value.
/// </summary>
public sealed class WatchedFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("watched-file");
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _faults = [];
    private int _parsed;

    private string File => Path.Combine(_folder.FullName, "value");

    private string OtherFile => Path.Combine(_folder.FullName, "other");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_is_read_again_after_five_seconds_and_parsed_when_its_content_has_changed()
    {
        WatchedFile<string> file = Watch(File);
        await WriteAsync(File, "one");
        Assert.Equal("one", await GetAsync(file));

        await WriteAsync(File, "two");
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("one", await GetAsync(file));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("two", await GetAsync(file));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("two", await GetAsync(file));

        Assert.Equal(2, _parsed);
    }

    [Fact]
    public async Task The_file_is_read_at_once_after_a_value_is_refused()
    {
        WatchedFile<string> file = Watch(File);
        await WriteAsync(File, "one");
        string refused = await GetAsync(file);

        await WriteAsync(File, "two");

        Assert.Equal("two", await GetAsync(file, refused));
    }

    [UnixFact]
    public async Task A_file_that_hangs_delays_only_one_call_by_a_quarter_of_a_second()
    {
        WatchedFile<string> file = Watch(File);
        await WriteAsync(File, "one");
        Assert.Equal("one", await GetAsync(file));
        using HangingFile hanging = HangingFile.Replace(File);
        _time.Advance(TimeSpan.FromSeconds(5));

        Task<string> reader = GetAsync(file);
        await hanging.IsReadAsync();
        Task<string> other = GetAsync(file);
        Assert.Equal((false, true), (reader.IsCompleted, other.IsCompletedSuccessfully));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        string value = await reader;
        Assert.Equal("one", value);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(GetAsync(file).IsCompletedSuccessfully); // no second read starts

        Task<string> renewal = GetAsync(file, value); // a call without a usable value waits for the read in progress
        hanging.Write("two"u8.ToArray());
        Assert.Equal("two", await renewal);
    }

    [UnixFact]
    public async Task Without_a_value_all_calls_wait_for_one_read_and_each_can_be_canceled()
    {
        WatchedFile<string> file = Watch(File);
        using HangingFile hanging = HangingFile.Replace(File);
        using var givingUp = new CancellationTokenSource();

        Task<string> first = file.GetAsync("scheme", _time, refused: null, givingUp.Token).AsTask();
        Task<string> second = GetAsync(file);
        await hanging.IsReadAsync();
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        hanging.Write("one"u8.ToArray());

        Assert.Equal(("one", 1), (await second, _parsed));
    }

    [UnixFact]
    public async Task A_read_that_started_before_the_value_was_refused_is_repeated()
    {
        WatchedFile<string> file = Watch(File);
        await WriteAsync(File, "one");
        string value = await GetAsync(file);
        using HangingFile hanging = HangingFile.Replace(File);
        _time.Advance(TimeSpan.FromSeconds(5));
        Task<string> reader = GetAsync(file);
        await hanging.IsReadAsync();

        Task<string> renewal = GetAsync(file, value);
        await WriteAsync(OtherFile, "two");
        System.IO.File.Move(OtherFile, File, overwrite: true);
        hanging.Write("one"u8.ToArray(), keepPath: true);

        Assert.Equal(("one", "two"), (await reader, await renewal));
    }

    [Fact]
    public async Task An_unusable_file_is_logged_once_for_each_change_and_the_value_stays_in_use()
    {
        WatchedFile<string> file = Watch(File);
        await WriteAsync(File, "one");
        await GetAsync(file);

        foreach (string content in (string[])["broken", "broken", "broken again"])
        {
            await WriteAsync(File, content);
            _time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal("one", await GetAsync(file));
        }

        System.IO.File.Delete(File);
        for (int i = 0; i < 2; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal("one", await GetAsync(file));
        }

        Assert.Equal(
            ["broken is not a value", "broken again is not a value", "Setting does not lead to a usable value: there is no such file"],
            _faults
        );
        Assert.Equal(3, _parsed); // each content once
    }

    [UnixFact]
    public async Task Two_files_are_read_again_when_one_was_replaced_between_the_reads()
    {
        await WriteAsync(File, "one");
        await WriteAsync(OtherFile, "one");
        WatchedFile<string> file = Watch(File, OtherFile);
        Assert.Equal("one", await GetAsync(file));
        await WriteAsync(File, "two");
        byte[] unchanged = await System.IO.File.ReadAllBytesAsync(OtherFile);
        using HangingFile hanging = HangingFile.Replace(OtherFile);
        _time.Advance(TimeSpan.FromSeconds(5));

        Task<string> reader = GetAsync(file);
        await hanging.IsReadAsync(); // the first file is new, the second one is not
        await WriteAsync(OtherFile + ".new", "two");
        System.IO.File.Move(OtherFile + ".new", OtherFile, overwrite: true);
        hanging.Write(unchanged, keepPath: true);

        Assert.Equal("two", await reader);
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task A_file_that_was_never_usable_throws_with_the_name_of_the_setting_and_is_read_again()
    {
        WatchedFile<string> file = Watch(File);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => GetAsync(file));
        await WriteAsync(File, "one");

        Assert.Equal("Setting does not lead to a usable value: there is no such file.", exception.Message);
        Assert.Equal("one", await GetAsync(file));
    }

    [Fact]
    public async Task A_file_that_is_too_long_or_empty_and_a_folder_have_their_own_messages()
    {
        await System.IO.File.WriteAllBytesAsync(File, new byte[256 * 1024]);
        Assert.Null(Watch(File).FindFault());
        await System.IO.File.WriteAllBytesAsync(File, new byte[(256 * 1024) + 1]);
        await WriteAsync(OtherFile, "");

        Assert.Equal("Setting does not lead to a usable value: the file is longer than 256 KiB", Watch(File).FindFault());
        Assert.Equal("Setting does not lead to a usable value: the file is empty", Watch(OtherFile).FindFault());
        Assert.Equal("Setting does not lead to a usable value: it is a folder", Watch(_folder.FullName).FindFault());
        Assert.Equal(
            "Setting does not lead to a usable value: the file cannot be read (ArgumentException)",
            Watch("not\0a path").FindFault()
        );
    }

    private static Task WriteAsync(string path, string content) => System.IO.File.WriteAllTextAsync(path, content);

    private WatchedFile<string> Watch(params string[] paths) =>
        new([.. paths.Select(static path => new WatchedPath(path, "Setting", "value"))], Parse, (_, fault) => _faults.Add(fault));

    /// <summary>Both files must have the same content.</summary>
    private (string? Value, string? Fault) Parse(byte[][] contents)
    {
        Interlocked.Increment(ref _parsed);
        string[] texts = [.. contents.Select(Encoding.UTF8.GetString).Distinct(StringComparer.Ordinal)];
        return texts.Length == 1 && !texts[0].StartsWith("broken", StringComparison.Ordinal)
            ? (texts[0], null)
            : (null, string.Join(" and ", texts) + " is not a value");
    }

    private Task<string> GetAsync(WatchedFile<string> file, string? refused = null) =>
        file.GetAsync("scheme", _time, refused, CancellationToken.None).AsTask();
}
