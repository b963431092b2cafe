using System.Diagnostics;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>
/// One reader of input that others control. It runs the library, then a slow and plain second reading, and compares the two.
/// </summary>
internal abstract class FuzzTarget
{
    private const int Attempts = 5;

    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All targets, by the names of their folders in <c>Corpus</c>.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ResponseTarget(),
        new SignedResponseTarget(),
        new KeySetTarget(),
        new MetadataTarget(),
        new DPoPTarget(),
        new AuthorizationTarget(),
        new SharedEntryTarget(),
        new RemovalTarget(),
        new LogoutTokenTarget(),
        new SecurityEventTarget(),
        new ConfigurationTarget(),
        new ErrorTarget(),
        new HeadersTarget(),
        new PollTarget(),
        new WebhookTarget(),
    ];

    public abstract string Name { get; }

    /// <summary>What it reads, for the table of figures.</summary>
    public abstract string Purpose { get; }

    /// <summary>Texts that the reader compares with, which no mutation finds by chance.</summary>
    public abstract IReadOnlyList<string> Words { get; }

    /// <summary>The longest generated input in bytes.</summary>
    public virtual int MaximumLength => 4096;

    /// <summary>How much the library may allocate, in bytes, for an input without bytes, and for each further byte.</summary>
    protected virtual (int Fixed, int PerByte) Memory => (32 * 1024, 256);

    /// <summary>How long the library may take for an input without bytes, and for each further byte, in microseconds.</summary>
    protected virtual (int Fixed, int PerByte) Time => (5_000, 20);

    public static FuzzTarget Find(string name) =>
        All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"The targets are {string.Join(", ", All.Select(static target => target.Name))}.", nameof(name));

    /// <exception cref="Finding">The readings differ, or a limit is exceeded.</exception>
    public abstract void Run(byte[] input);

    /// <summary>Runs the library within the limits of time and memory, which depend on the length of the input only.</summary>
    protected T Measure<T>(byte[] input, Func<T> read)
    {
        long mostBytes = Memory.Fixed + ((long)Memory.PerByte * input.Length);
        double mostTime = Time.Fixed + ((double)Time.PerByte * input.Length);

        // The first run compiles and fills caches, and any run may be interrupted. What is exceeded every time is a finding.
        for (int attempt = 1; ; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            T result = read();
            double time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

            if (bytes <= mostBytes && time <= mostTime)
                return result;
            if (attempt == Attempts)
                throw new Finding(bytes > mostBytes ? "it allocates more than the limit" : "it takes longer than the limit");
        }
    }
}
