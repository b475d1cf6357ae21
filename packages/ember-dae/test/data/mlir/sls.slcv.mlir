// An embedding bag with vectors, a buffer and a counter, in the syntax of the published compiler.
module {
  func.func @sls(%ptr: memref<?xindex>, %idx: memref<?xindex>, %rows: !llvm.struct<(array<2 x i64>, array<3 x i64>)>, %table: memref<?x?xf32>, %out: memref<?x?xf32>) -> memref<?x?xf32> {
    %c0 = arith.constant 0 : index
    %zeros = arith.constant dense<0.000000e+00> : vector<8xf32>
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %all = arith.constant dense<true> : vector<8xi1>
    %s0 = slc.to_stream %c0 : index to !slc.stream<index>
    %s1 = slc.to_stream %c1 : index to !slc.stream<index>
    %s8 = slc.to_stream %c8 : index to !slc.stream<index>
    %n = llvm.extractvalue %rows[0, 0] : !llvm.struct<(array<2 x i64>, array<3 x i64>)>
    %bags = arith.index_cast %n : i64 to index
    %sb = slc.to_stream %bags : index to !slc.stream<index>
    %d = memref.dim %table, %c1 : memref<?x?xf32>
    %sd = slc.to_stream %d : index to !slc.stream<index>
    %sm = slc.to_stream %all : vector<8xi1> to !slc.stream<vector<8xi1>>
    %last = slc.for %b = %s0 to %sb step %s1 init_args(%bag = %c0) -> (index) : !slc.stream<index> -> !slc.stream<index> {
      %from = slc.mem_stream %ptr[%b] : memref<?xindex>[!slc.stream<index>] into !slc.stream<index>
      %next = slc.alu_stream< add> %b, %s1 : !slc.stream<index>, !slc.stream<index> -> !slc.stream<index>
      %to = slc.mem_stream %ptr[%next] : memref<?xindex>[!slc.stream<index>] into !slc.stream<index>
      slc.for %p = %from to %to step %s1 : !slc.stream<index> -> !slc.stream<index> {
        %row = slc.mem_stream %idx[%p] : memref<?xindex>[!slc.stream<index>] into !slc.stream<index>
        %held = slcvec.buf_stream : !slc.stream<memref<?xf32>>
        slcvec.for<8>(%j xx %m) = %s0 to %sd step %s8 mask %sm : (!slc.stream<index> xx !slc.stream<vector<8xi1>>) -> (!slc.stream<vector<8xindex>> xx !slc.stream<vector<8xi1>>) {
          %x = slcvec.mem_stream %table[%row, %j] : memref<?x?xf32>[!slc.stream<index>, !slc.stream<vector<8xindex>>] into !slc.stream<vector<8xf32>>
          slcvec.to_buffer %x, %held[%j] : !slc.stream<vector<8xf32>> -> !slc.stream<memref<?xf32>>[!slc.stream<vector<8xindex>>]
          slcvec.yield
        } {loopConfig = #slcvec<loop_config bcast>}
        slc.callback {
          %row_of = slc.from_stream %held : !slc.stream<memref<?xf32>> to memref<?xf32>
          scf.for %k = %c0 to %d step %c8 {
            %some = slcvec.mask %k %c0 %d %c1 : vector<8xi1>
            %xs = slcvec.from_buffer %row_of[%k] : memref<?xf32>[index] -> vector<8xf32>
            %before = vector.maskedload %out[%bag, %k], %some, %zeros : memref<?x?xf32>, vector<8xi1>, vector<8xf32> into vector<8xf32>
            %sum = arith.addf %before, %xs : vector<8xf32>
            vector.maskedstore %out[%bag, %k], %some, %sum : memref<?x?xf32>, vector<8xi1>, vector<8xf32>
          }
        } : index
        slc.yield
      }
      %after = slc.callback {
        %more = arith.addi %bag, %c1 : index
        slc.yield %more : index
      } : index
      slc.yield %after : index
    }
    return %out : memref<?x?xf32>
  }
}
